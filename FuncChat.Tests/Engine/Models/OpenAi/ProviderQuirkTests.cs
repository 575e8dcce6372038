using System.IO.Compression;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Http;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>What providers do that the protocol does not say.</summary>
public sealed class ProviderQuirkTests
{
    [Theory]
    [InlineData("""{"delta":{"content":"Tides "},"message":{"content":"Tides "}}""", """{"delta":{"content":"come."},"message":{"content":"Tides come."}}""")]
    [InlineData("""{"message":{"content":"Tides "},"delta":{"content":"Tides "}}""", """{"message":{"content":"Tides come."},"delta":{"content":"come."}}""")]
    public async Task Message_with_all_text_so_far_does_not_double_the_deltas(params string[] choices)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer =>
        {
            foreach (var choice in choices)
                answer.Event($$"""{"choices":[{{choice}}]}""");
            answer.Event("""{"choices":[{"delta":{},"message":{"content":"Tides come."},"finish_reason":"stop"}]}""").Done();
        });

        Assert.Equal("Tides come.", (await harness.AskAsync()).Text);
    }

    [Theory]
    [InlineData("""{"message":{"content":"Tides "}}""", """{"message":{"content":"Tides co"}}""", """{"message":{"content":"Tides come."}}""", """{"message":{"content":"Tides come."}}""")]
    [InlineData("""{"message":{"content":"Tides "}}""", """{"message":{"content":"co"}}""", """{"message":{"content":"me."}}""")]
    [InlineData("""{"message":{"role":"assistant","content":""}}""", """{"message":{"content":["Tides ","co"]}}""", """{"message":{"content":[{"type":"text","text":"me."}]}}""")]
    [InlineData("""{"text":"Tides "}""", """{"text":"co"}""", """{"text":"me."}""")]
    [InlineData("""{"text":"Tides ","delta":{"content":"Tides "}}""", """{"text":"come.","delta":{"content":"come."}}""")]
    [InlineData("""{"delta":{"content":"Tides come."}}""", """{"text":"Tides come."}""")]
    [InlineData("""{"delta":{"content":["Tides ","co"]}}""", """{"delta":{"content":["me."]}}""")]
    public async Task Text_is_read_once_wherever_the_chunks_have_it(params string[] choices)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer =>
        {
            foreach (var choice in choices)
                answer.Event($$"""{"choices":[{{choice}}]}""");
            answer.Event("""{"choices":[{"finish_reason":"stop"}]}""").Done();
        });

        Assert.Equal("Tides come.", (await harness.AskAsync()).Text);
    }

    [Fact]
    public async Task Thoughts_and_calls_of_messages_with_all_so_far_come_once()
    {
        const string Call = """[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]""";
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer
            .Event("""{"choices":[{"message":{"reasoning_content":"Hm"}}]}""").Event("""{"choices":[{"message":{"reasoning_content":"Hm.","content":"So"}}]}""")
            .Event($$"""{"choices":[{"message":{"reasoning_content":"Hm.","content":"So","tool_calls":{{Call}} } }]}""")
            .Event($$"""{"choices":[{"message":{"reasoning_content":"Hm.","content":"So.","tool_calls":{{Call}} },"finish_reason":"tool_calls"}]}""").Done());

        var answer = await harness.AskAsync();

        Assert.Equal(("Hm.", "So."), (answer.Reasoning, answer.Text));
        Assert.Equal("{}", Assert.Single(answer.ToolCalls.Values).Arguments);
    }

    [Theory]
    [InlineData("""[{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}]},{"type":"text","text":"Tides."}]""")]
    [InlineData("""[{"text":"Hm.","type":"reasoning"},{"type":"text","text":"Tides."}]""")]
    public async Task Parts_of_content_that_are_reasoning_are_no_text(string content)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Event($$"""{"choices":[{"delta":{"content":{{content}} } }]}""").Event("""{"choices":[{"delta":{},"finish_reason":"stop"}]}""").Done());

        var answer = await harness.AskAsync();

        Assert.Equal(("Hm.", "Tides."), (answer.Reasoning, answer.Text));
    }

    [Theory]
    [InlineData("get_", "weather", null)]
    [InlineData("get_", "get_weather", "get_weather")]
    [InlineData("get_weather", "get_weather", "get_weather")]
    [InlineData("", "get_weather", "")]
    public async Task Name_of_a_tool_is_read_in_parts_and_once_when_it_is_repeated(string first, string second, string? third)
    {
        await using var harness = await ModelHarness.StartAsync();
        string Piece(string? name, string arguments) =>
            $$"""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":{{(name is null ? "null" : $"\"{name}\"")}},"arguments":{{arguments}} } }] } }]}""";
        harness.Upstream.Answers(answer => answer
            .Event(Piece(first, "\"\"")).Event(Piece(second, "\"\"")).Event(Piece(third, "\"{\"")).Event(Piece(third, "\"}\""))
            .Event("""{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}""").Done());

        Assert.Equal(("a", "get_weather", "{}"), Assert.Single((await harness.AskAsync()).ToolCalls.Values));
    }

    [Fact]
    public async Task Message_with_what_no_delta_has_held_is_read()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Reasoning("Hm.").Event(
            """{"choices":[{"delta":{},"message":{"reasoning_content":"Hm.","content":"Tides come.","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""").Done());

        var answer = await harness.AskAsync();

        Assert.Equal(("Hm.", "Tides come.", "tool_calls"), (answer.Reasoning, answer.Text, answer.FinishReason));
        Assert.Equal("{}", Assert.Single(answer.ToolCalls.Values).Arguments);
    }

    [Fact]
    public async Task Message_does_not_double_the_calls_of_deltas()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.ToolCall("a", "f", "{}").Event(
            """{"choices":[{"delta":{},"message":{"content":"Tides come.","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""").Done());

        var answer = await harness.AskAsync();

        Assert.Equal("Tides come.", answer.Text);
        Assert.Equal("{}", Assert.Single(answer.ToolCalls.Values).Arguments);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}""", 10, 5, null, null, null)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":35,"completion_tokens_details":{"reasoning_tokens":20}}""", 10, 25, null, null, 20)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":35}""", 10, 25, null, null, 20)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":25,"total_tokens":35,"completion_tokens_details":{"reasoning_tokens":20}}""", 10, 25, null, null, 20)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":8}""", 10, 5, 8, null, null)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":45,"cache_read_input_tokens":20,"cache_creation_input_tokens":10}""", 40, 5, 20, 10, null)]
    [InlineData("""{"prompt_tokens":-5000,"completion_tokens":9223372036854775807}""", 0, 1_000_000_000_000, null, null, null)]
    public async Task Usage_is_on_one_scale(string usage, long input, long output, int? cached, int? written, int? reasoning)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Finish().Event($$"""{"choices":[],"usage":{{usage}}}""").Done());

        Assert.Equal(
            new ModelUsage(input, output) { CachedInputTokens = cached, CacheWriteInputTokens = written, ReasoningTokens = reasoning },
            (await harness.AskAsync()).Usage);
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hal")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"choi")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: ")]
    public async Task Stream_that_is_cut_in_mid_event_is_a_connection_that_ended(string stream)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Raw(stream));

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.UpstreamError, true), (error.Code, error.Retryable));
        Assert.Contains("ended the connection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compressed_stream_is_an_error_that_says_so()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            await gzip.WriteAsync("data: [DONE]\n\n"u8.ToArray());
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Head(200, ("Content-Encoding", "gzip")).Raw(compressed.ToArray()));

        Assert.Contains("compressed", (await harness.FailAsync()).Message, StringComparison.Ordinal);
        Assert.False(harness.Upstream.Requests[0].Headers.ContainsKey("Accept-Encoding"));
    }

    [Fact]
    public async Task Wait_in_milliseconds_is_obeyed_and_reported()
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Fails(429, "", ("retry-after-ms", "1900"), ("Retry-After", "60")).Says("Hello");

        var call = harness.AskAsync();

        Assert.Equal(TimeSpan.FromMilliseconds(1900), await clock.PassWaitAsync(TimeSpan.FromSeconds(10)));
        var retry = Assert.Single((await call).Retries);
        Assert.Equal((1, TimeSpan.FromMilliseconds(1900), ErrorCode.RateLimited), (retry.Attempt, retry.Wait, retry.Error.Code));
    }

    [Fact]
    public async Task Key_of_a_call_is_removed_from_its_error_though_another_call_has_sent_a_newer_one()
    {
        var keys = new RotatingKey("aK9.bQ7~cR5.OLD-secret", "aK9.bQ7~cR5.NEW-secret");
        await using var harness = await ModelHarness.StartAsync(configure: endpoint => endpoint with { CallKey = keys });
        var second = new ManualSignal();
        harness.Upstream
            .Answers(answer => answer.Text("a").WaitFor(second).Event("""{"error":{"message":"Cannot use aK9.bQ7~cR5.OLD-secret here.","code":"400","type":"invalid_request_error"}}"""))
            .Says("b");

        var first = harness.FailAsync();
        await harness.Upstream.RequestAsync();
        await harness.AskAsync();
        second.Set();

        Assert.DoesNotContain("OLD-secret", (await first).Message, StringComparison.Ordinal);
    }

    private sealed class RotatingKey(params string[] keys) : ICredentialProvider
    {
        private int _asked;

        public ValueTask<string?> GetAsync(CancellationToken cancellationToken) => new(keys[Math.Min(Interlocked.Increment(ref _asked), keys.Length) - 1]);
    }
}
