using FuncChat.Engine;
using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>Good answers, in every way in which providers send them.</summary>
public sealed class OpenAiModelStreamTests
{
    private const string Text = "é€😀 \"quoted\" \\ 漢字\n";

    [Fact]
    public async Task Model_streams_text_usage_and_finish()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Reasoning("Hm", "m").Text("Hel", "lo ", Text).Ends(inputTokens: 7, outputTokens: 3));

        var answer = await harness.AskAsync();

        Assert.Equal("Hello " + Text, answer.Text);
        Assert.Equal("Hmm", answer.Reasoning);
        Assert.Equal(3, answer.Pieces.Count);
        Assert.Equal(new ModelUsage(7, 3), answer.Usage);
        Assert.Equal("stop", answer.FinishReason);
    }

    [Theory]
    [InlineData("\n", "data: ")]
    [InlineData("\n", "data:")]
    [InlineData("\r\n", "data: ")]
    [InlineData("\r", "data: ")]
    public async Task Model_understands_every_line_end_when_each_byte_comes_alone(string lineEnd, string field)
    {
        var stream = "\uFEFF: hello\n\n" + string.Concat(
            new[] { Content(Text), Content("two"), Content("😀😀"), ": comment", "id: 3", Finish("stop"), "data: [DONE]" }.Select(line => $"{line}\n\n"));
        var bytes = Encoding.UTF8.GetBytes(stream.Replace("data: ", field, StringComparison.Ordinal).Replace("\n", lineEnd, StringComparison.Ordinal));
        await using var harness = await ModelHarness.StartAsync(wrap: inner => new DribblingHandler(inner, bytesPerRead: 1));
        harness.Upstream.Answers(answer => answer.Raw(bytes));

        var answer = await harness.AskAsync();

        Assert.Equal(Text + "two😀😀", answer.Text);
        Assert.Equal("stop", answer.FinishReason);
    }

    [Fact]
    public async Task Model_understands_a_character_that_the_server_splits_at_every_byte()
    {
        await using var harness = await ModelHarness.StartAsync();
        var bytes = Encoding.UTF8.GetBytes(Content("é€😀") + "\n\n" + Finish("stop") + "\n\n");
        harness.Upstream.Answers(answer =>
        {
            foreach (var value in bytes)
                answer.Raw([value]);
        });

        Assert.Equal("é€😀", (await harness.AskAsync()).Text);
    }

    [Fact]
    public async Task Model_gives_a_piece_at_once_when_the_provider_is_silent_after_it()
    {
        await using var harness = await ModelHarness.StartAsync();
        var more = new ManualSignal();
        harness.Upstream.Answers(answer => answer.Text("one", "two").WaitFor(more).Text("three").Ends());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal("one"u8.ToArray(), chunks.Current.EscapedText.ToArray());
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal("two"u8.ToArray(), chunks.Current.EscapedText.ToArray());
        var next = chunks.MoveNextAsync();
        Assert.False(next.IsCompleted);
        more.Set();
        Assert.True(await next);
        Assert.Equal("three"u8.ToArray(), chunks.Current.EscapedText.ToArray());
    }

    [Fact]
    public async Task Model_gives_what_is_at_hand_without_waiting()
    {
        await using var harness = await ModelHarness.StartAsync();
        var all = string.Concat(Enumerable.Range(0, 8).Select(number => Content($"{number}") + "\n\n"));
        harness.Upstream.Answers(answer => answer.Raw(all).Stall());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await chunks.MoveNextAsync());
        for (var number = 1; number < 8; number++)
        {
            var next = chunks.MoveNextAsync();
            Assert.True(next.IsCompletedSuccessfully);
            Assert.True(await next);
        }
    }

    [Fact]
    public async Task Model_puts_interleaved_tool_calls_in_order_when_arguments_come_byte_by_byte()
    {
        await using var harness = await ModelHarness.StartAsync();
        const string First = """{"query":"é \"x\" 😀"}""";
        const string Second = """{"url":"http://x/"}""";
        harness.Upstream.Answers(answer =>
        {
            answer.ToolCallPiece(0, "a", "search_web").ToolCallPiece(1, "b", "scrape_web_content");
            for (var at = 0; at < Math.Max(First.Length, Second.Length); at++)
            {
                if (at < First.Length)
                    answer.ToolCallPiece(0, arguments: First[at..(at + 1)]);
                if (at < Second.Length)
                    answer.ToolCallPiece(1, arguments: Second[at..(at + 1)]);
            }
            answer.Ends("tool_calls");
        });

        var answer = await harness.AskAsync();

        Assert.Equal([("a", "search_web"), ("b", "scrape_web_content")], answer.ToolCalls.Values.Select(call => (call.Id, call.Name)));
        Assert.Equal(Second, answer.ToolCalls[1].Arguments);
        // System.Text.Json writes half a character as U+FFFD: what the provider sent is what must come out.
        Assert.Equal(First.Replace("😀", "\uFFFD\uFFFD", StringComparison.Ordinal), answer.ToolCalls[0].Arguments);
        Assert.Equal("tool_calls", answer.FinishReason);
    }

    [Fact]
    public async Task Model_takes_whole_tool_calls_without_index_or_id()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer
            .ToolCallPiece(null, null, "f", "{}")
            .Event("""{"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"name":"g","arguments":{"x":1}}}]}}]}""")
            .Ends("tool_calls"));

        Assert.Equal([(null, "f", "{}"), (null, "g", """{"x":1}""")], (await harness.AskAsync()).ToolCalls.Values);
    }

    [Theory]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("tool_calls", "stop")]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("end_turn", "stop")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("content_filter: RECITATION", "content_filter")]
    [InlineData("IMAGE_PROHIBITED_CONTENT", "content_filter")]
    [InlineData("a_providers_own_word", "a_providers_own_word")]
    [InlineData("time_limit", "length")]
    [InlineData("repetition", "length")]
    public async Task Model_maps_the_finish_reason_of_an_answer_without_tool_calls(string sent, string expected)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Ends(sent));

        Assert.Equal(expected, (await harness.AskAsync()).FinishReason);
    }

    [Fact]
    public async Task Finish_reason_of_an_answer_that_calls_tools_is_tool_calls_whatever_the_provider_sends()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.ToolCall("a", "f", "{}").Ends("stop"));

        Assert.Equal("tool_calls", (await harness.AskAsync()).FinishReason);
    }

    [Fact]
    public async Task Answer_that_breaks_off_after_the_string_null_as_finish_reason_is_incomplete()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Delta(new { content = "half" }, "null"));

        Assert.True((await harness.FailAsync()).Retryable);
    }

    [Theory]
    [InlineData("abort")]
    [InlineData("aborted")]
    [InlineData("CANCELLED")]
    [InlineData("canceled")]
    public async Task Answer_that_the_provider_aborts_is_an_error_that_may_pass(string reason)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Ends(reason));

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.UpstreamError, true), (error.Code, error.Retryable));
    }

    [Theory]
    [InlineData("NULL")]
    [InlineData("undefined")]
    [InlineData("in_progress")]
    [InlineData("FINISH_REASON_UNSPECIFIED")]
    public async Task Answer_whose_finish_reason_is_no_end_is_complete_only_with_DONE(string reason)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Finish(reason)).Answers(answer => answer.Text("a").Finish(reason).Done());

        Assert.Equal("Provider scripted ended the connection before its answer was complete.", (await harness.FailAsync()).Message);
        Assert.Equal("a", (await harness.AskAsync()).Text);
    }

    [Fact]
    public async Task Model_takes_an_answer_for_whole_when_it_has_a_finish_reason_but_no_DONE()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Finish("stop").Usage(1, 2));

        var answer = await harness.AskAsync();

        Assert.Equal("stop", answer.FinishReason);
        Assert.Equal(new ModelUsage(1, 2), answer.Usage);
    }

    [Fact]
    public async Task Model_takes_an_answer_for_whole_when_it_has_DONE_but_no_finish_reason()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Done()).Answers(answer => answer.ToolCall("a", "f", "{}").Done());

        Assert.Equal("stop", (await harness.AskAsync()).FinishReason);
        Assert.Equal("tool_calls", (await harness.AskAsync()).FinishReason);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":900,"completion_tokens":50}}]}""", """{"choices":[]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":900,"completion_tokens":50}}""", """{"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":900,"completion_tokens":1}}""", """{"choices":[],"usage":{"prompt_tokens":"900","completion_tokens":50.0}}""")]
    public async Task Model_reads_the_count_that_is_one(string first, string second)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Event(first).Event(second).Done());

        Assert.Equal(new ModelUsage(900, 50), (await harness.AskAsync()).Usage);
    }

    [Fact]
    public async Task Usage_that_is_corrected_replaces_what_came_before_and_zeros_do_not()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Usage(100, 50).Text("a").Finish().Usage(90, 40).Usage(0, 0).Done());

        Assert.Equal(new ModelUsage(90, 40), (await harness.AskAsync()).Usage);
    }

    [Fact]
    public async Task Model_reads_usage_that_comes_with_the_finish_reason()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Event(
            """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"usage":{"prompt_tokens":5,"completion_tokens":6}}}""").Done());

        var answer = await harness.AskAsync();

        Assert.Equal(new ModelUsage(5, 6), answer.Usage);
        Assert.Equal("stop", answer.FinishReason);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    [InlineData("text/plain")]
    public async Task Model_takes_a_whole_completion_where_a_stream_was_asked_for(string contentType)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(200, """
            {"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello",
             "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},
             "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":6}}
            """, ("Content-Type", contentType));

        var answer = await harness.AskAsync();

        Assert.Equal("Hello", answer.Text);
        Assert.Equal(("a", "b"), (answer.ToolCalls[0].Id, answer.ToolCalls[1].Id));
        Assert.Equal(new ModelUsage(5, 6), answer.Usage);
        Assert.Equal("tool_calls", answer.FinishReason);
    }

    [Fact]
    public async Task Model_takes_a_stream_for_one_when_its_content_type_is_wrong()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Head(200, ("Content-Type", "application/json")).Text("a").Ends());

        Assert.Equal("a", (await harness.AskAsync()).Text);
    }

    [Fact]
    public async Task Model_gives_all_of_a_long_answer_in_order()
    {
        await using var harness = await ModelHarness.StartAsync();
        var pieces = Enumerable.Range(0, 20_000).Select(number => $"{number} {Text}").ToArray();
        var stream = string.Concat(pieces.Select(piece => Content(piece) + "\n\n")) + Finish("stop") + "\n\ndata: [DONE]\n\n";
        harness.Upstream.Answers(answer => answer.Raw(stream));

        Assert.Equal(string.Concat(pieces), (await harness.AskAsync()).Text);
    }

    [Fact]
    public async Task Model_uses_a_connection_again_after_a_whole_answer()
    {
        // The second call waits for the first one's connection, however long that takes to be read to its end.
        await using var harness = await ModelHarness.StartAsync(wrap: inner =>
        {
            var handler = (SocketsHttpHandler)inner;
            handler.MaxConnectionsPerServer = 1;
            handler.ResponseDrainTimeout = Timeout.InfiniteTimeSpan;
            return handler;
        });
        harness.Upstream.Says("a").Says("b");

        await harness.AskAsync();
        await harness.AskAsync();

        Assert.Equal(2, harness.Upstream.Requests.Count);
        Assert.Single(harness.Upstream.Requests.Select(request => request.ConnectionId).Distinct(StringComparer.Ordinal));
    }

    private static string Content(string text) =>
        $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"content":{{{System.Text.Json.JsonSerializer.Serialize(text, Relaxed)}}}},"finish_reason":null}]}""";

    private static string Finish(string reason) => $$"""data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"{{reason}}"}]}""";

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
