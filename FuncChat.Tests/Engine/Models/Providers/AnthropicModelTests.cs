using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Anthropic;
using FuncChat.Engine.Models.Http;
using FuncChat.Tests.Engine.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace FuncChat.Tests.Engine.Models.Providers;

public sealed class AnthropicModelTests : ProviderModelBench
{
    private static readonly AIFunctionDeclaration Tool = AIFunctionFactory.Create((string q) => q, "f", "F.");

    [Fact]
    public async Task Answer_has_text_usage_on_the_common_scale_and_finish()
    {
        Says("max_tokens", "Hel", "lo \\\"é\\\" \\ud83d\\ude00");

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("Hello \"é\" 😀", "length"), (answer.Text, answer.FinishReason));
        Assert.Equal(new ModelUsage(123, 9) { CachedInputTokens = 100, CacheWriteInputTokens = 20 }, answer.Usage);
    }

    [Fact]
    public async Task Numbers_of_usage_are_read_in_any_form_and_zeros_do_not_replace_them()
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"message_start","message":{"model":"c","content":[],"usage":{"input_tokens":"900","cache_read_input_tokens":100.0,"output_tokens":1}}}""")
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}}""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":"7"}}"""));

        Assert.Equal(new ModelUsage(1000, 7) { CachedInputTokens = 100 }, (await AskAsync(ModelHarness.Request)).Usage);
    }

    [Fact]
    public async Task Sources_of_a_search_come_with_the_answer()
    {
        const string One = """{"type":"web_search_result_location","url":"https://one.test/a","title":"One","encrypted_index":"x","cited_text":"A"}""";
        const string Two = """{"type":"web_search_result_location","url":"https://two.test/","title":null}""";
        Upstream.Answers(answer => answer
            .Event("""{"type":"message_start","message":{"model":"c","content":[]}}""")
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":[]}}""")
            .Event($$"""{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{{One}}} }""")
            .Event("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"So."}}""")
            .Event($$"""{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{{One}}} }""")
            .Event("""{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"type":"char_location","document_title":"D"}}}""")
            .Event($$"""{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{{Two}}} }""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"""))
            .Answers(answer => answer.Raw($$"""{"type":"message","model":"c","content":[{"type":"text","text":"So.","citations":[{{One}},{{Two}}]}],"stop_reason":"end_turn"}"""));

        var streamed = await AskAsync(ModelHarness.Request);
        var whole = await AskAsync(ModelHarness.Request);

        ModelSource[] expected = [new("https://one.test/a", "One"), new("https://two.test/", "two.test")];
        Assert.Equal(("So.", null), (streamed.Text, streamed.State));
        Assert.Equal(expected, streamed.Sources);
        Assert.Equal(expected, whole.Sources);
    }

    [Fact]
    public async Task Conversation_that_begins_with_an_answer_has_a_message_before_it()
    {
        var body = await BodyOfAsync(ModelHarness.Request with { Messages = ["""{"role":"assistant","content":"How can I help?"}"""u8.ToArray(), .. ModelHarness.Request.Messages] });

        Assert.Equal(
            ["user .", "assistant How can I help?", "user hi"],
            body.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("role")} {message.GetProperty("content")[0].GetProperty("text")}"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"\"")]
    public async Task Empty_error_is_none(string error)
    {
        Upstream.Answers(answer => answer.Event($$"""{"error":{{error}}}""")
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}}""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"""));

        Assert.Equal("a", (await AskAsync(ModelHarness.Request)).Text);
    }

    [Fact]
    public async Task Pieces_of_a_long_answer_arrive_whole()
    {
        var pieces = Enumerable.Range(0, 500).Select(number => $"word {number} ").ToArray();
        Says("end_turn", pieces);

        Assert.Equal(string.Concat(pieces), (await AskAsync(ModelHarness.Request)).Text);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ErrorCode.UpstreamError, true)]
    [InlineData("""{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}""", ErrorCode.RateLimited, true)]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"No"}}""", ErrorCode.InvalidRequest, false)]
    [InlineData("""{"type":"message_delta","delta":{"stop_reason":null}}""", ErrorCode.UpstreamError, true)]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}}""", ErrorCode.UpstreamError, true)]
    public async Task Answer_that_fails_or_breaks_off_is_an_error(string end, ErrorCode code, bool retryable)
    {
        Upstream.Answers(answer => answer.Event(end));

        var error = (await Assert.ThrowsAsync<ModelException>(() => AskAsync(ModelHarness.Request))).Error;

        Assert.Equal((code, retryable), (error.Code, error.Retryable));
    }

    [Theory]
    [InlineData("")]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")]
    [InlineData("data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"model_error\"}}\n\n")]
    [InlineData("data: bye\n\n")]
    public async Task Answer_is_complete_with_its_stop_reason_whatever_follows(string end)
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"message_start","message":{"model":"c","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}""")
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Let me see."}}""")
            .Event("""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"q":1}}}""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}""").Raw(end));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("Let me see.", "tool_calls", new ModelUsage(3, 7)), (answer.Text, answer.FinishReason, answer.Usage));
        Assert.Equal(("t", "f", """{"q":1}"""), answer.ToolCalls[0]);
    }

    [Theory]
    [InlineData("""{"error":{"type":"overloaded_error","message":"Overloaded"}}""", ErrorCode.UpstreamError, "Overloaded")]
    [InlineData("""{"error":{"message":"The model is gone.","code":404}}""", ErrorCode.InvalidRequest, "The model is gone.")]
    [InlineData("""{"type":"error","error":{"type":"authentication_error","message":"x"}}""", ErrorCode.ConfigurationError, "key")]
    [InlineData("""{"type":"error","error":{"type":"permission_error","message":"x"}}""", ErrorCode.ConfigurationError, "refused access: x")]
    [InlineData("""{"type":"error","error":{"type":"not_found_error","message":"model: x"}}""", ErrorCode.InvalidRequest, "model: x")]
    [InlineData("""{"type":"error","error":{"type":"billing_error","message":"x"}}""", ErrorCode.ConfigurationError, "credit")]
    [InlineData("""{"type":"error","error":{"type":"timeout_error","message":"x"}}""", ErrorCode.UpstreamTimeout, "too long")]
    public async Task Error_in_the_stream_is_reported_as_its_status_would_be(string error, ErrorCode code, string words)
    {
        Upstream.Answers(answer => answer.Event(error));

        var failure = (await Assert.ThrowsAsync<ModelException>(() => AskAsync(ModelHarness.Request))).Error;

        Assert.Equal(code, failure.Code);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"index\":0,")]
    public async Task Calls_stay_apart_when_their_blocks_have_no_index_of_their_own(string index)
    {
        Upstream.Answers(answer =>
        {
            foreach (var number in Enumerable.Range(0, 4))
            {
                answer.Event($$"""{"type":"content_block_start",{{index}}"content_block":{"type":"tool_use","id":"t{{number}}","name":"f","input":{} } }""")
                    .Event($$$"""{"type":"content_block_delta",{{{index}}}"delta":{"type":"input_json_delta","partial_json":"{\"q\":{{{number}}} }"} }""")
                    .Event("""{"type":"content_block_stop"}""");
            }

            answer.Event("""{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""").Event("""{"type":"message_stop"}""");
        });

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(["t0{\"q\":0 }", "t1{\"q\":1 }", "t2{\"q\":2 }", "t3{\"q\":3 }"], answer.ToolCalls.Values.Select(call => call.Id + call.Arguments));
    }

    [Fact]
    public async Task Message_that_comes_whole_is_read()
    {
        Upstream.Answers(answer => answer.Raw(
            """
            {"type":"message","model":"m","stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":2},"content":[
              {"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"text","text":"Hello \"é\""},{"type":"tool_use","id":"t","name":"f","input":{"q":1}},{"type":"tool_use","id":"u","name":"f","input":{}}]}
            """));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("Hm.", "Hello \"é\"", "tool_calls"), (answer.Reasoning, answer.Text, answer.FinishReason));
        Assert.Equal(["t{\"q\":1}", "u"], answer.ToolCalls.Values.Select(call => call.Id + call.Arguments));
        Assert.Equal(new ModelUsage(3, 2), answer.Usage);
        Assert.Contains("\"signature\":\"s\"", Encoding.UTF8.GetString(answer.State!.Message!.Value.Utf8.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Block_that_is_not_closed_ends_with_the_message()
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"Hm","signature":"s"}}""")
            .Event("""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"q":1}}}""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""").Event("""{"type":"message_stop"}"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal("""{"q":1}""", Assert.Single(answer.ToolCalls.Values).Arguments);
        Assert.Contains("tool_use", Encoding.UTF8.GetString(answer.State!.Message!.Value.Utf8.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"redacted_thinking","data":"\ud83d"}""", "\\uFFFD")]
    [InlineData("""{"type":"redacted_thinking","data":"a","data":"b"}""", "\"data\":\"b\"")]
    [InlineData("""{"type":"redacted_thinking","data":{"a":1,"a":2}}""", "{\"a\":2}")]
    public async Task Odd_redacted_thoughts_are_repaired(string block, string repaired)
    {
        Upstream.Answers(answer => answer
            .Event($$"""{"type":"content_block_start","index":0,"content_block":{{block}} }""").Event("""{"type":"content_block_stop","index":0}""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""").Event("""{"type":"message_stop"}"""));

        Assert.Contains(repaired, Encoding.UTF8.GetString((await AskAsync(ModelHarness.Request)).State!.Message!.Value.Utf8.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Surrogate_pair_that_is_split_over_two_pieces_of_the_arguments_is_whole()
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""")
            .Event("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"q\":\"\ud83d"}}""")
            .Event("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\ude00\"}"}}""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""").Event("""{"type":"message_stop"}"""));

        Assert.Equal("""{"q":"😀"}""", Assert.Single((await AskAsync(ModelHarness.Request)).ToolCalls.Values).Arguments);
    }

    [Fact]
    public async Task Stop_reason_that_means_a_failure_is_an_error()
    {
        Upstream.Answers(answer => answer.Event("""{"type":"message_delta","delta":{"stop_reason":"model_error"}}""").Event("""{"type":"message_stop"}"""));

        Assert.Equal(ErrorCode.UpstreamError, (await Assert.ThrowsAsync<ModelException>(() => AskAsync(ModelHarness.Request))).Error.Code);
    }

    [Theory]
    [InlineData("""{"type":"json_object"}""")]
    [InlineData("""{"type":"text"}""")]
    public async Task Response_format_without_a_schema_leaves_no_empty_object(string format)
    {
        var body = await BodyOfAsync(ModelHarness.Request with { Options = Options(("response_format", format)) });

        Assert.False(body.TryGetProperty("output_config", out _));
    }

    [Theory]
    [InlineData("required", "any")]
    [InlineData("auto", "auto")]
    public async Task Allowed_tools_are_the_only_ones_that_are_sent(string mode, string choice)
    {
        var other = AIFunctionFactory.Create((string q) => q, "g", "G.");
        var allowed = $$$"""{"type":"allowed_tools","allowed_tools":{"mode":"{{{mode}}}","tools":[{"type":"function","function":{"name":"g"}}]}}""";

        var body = await BodyOfAsync(ModelHarness.Request with { Tools = [Tool, other], Options = Options(("tool_choice", allowed)) });

        Assert.Equal("g", Assert.Single(body.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(choice, body.TryGetProperty("tool_choice", out var sent) ? sent.GetProperty("type").GetString() : "auto");
    }

    [Fact]
    public async Task Tool_with_alternatives_at_the_top_of_its_schema_is_an_object_and_an_empty_description_is_left_out() => Assert.Equal(
        """[{"name":"attach","input_schema":{"type":"object","properties":{"content":{"type":"string"},"url":{"type":"string"}}}}]""",
        (await BodyOfAsync(ModelHarness.Request with { Tools = [ModelHarness.ToolWithAlternatives] })).GetProperty("tools").GetRawText());

    [Fact]
    public async Task Messages_take_turns_with_results_first_and_instructions_apart()
    {
        var body = await BodyOfAsync(new ModelRequest
        {
            Model = "claude-opus-5",
            Messages =
            [
                """{"role":"system","content":"Be brief."}"""u8.ToArray(),
                """{"role":"user","content":"See"}"""u8.ToArray(),
                """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"image_url","image_url":{"url":"https://x.example/y.png"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}},{"type":"file","file":{"file_data":"data:text/plain;base64,w6k="}}]}"""u8.ToArray(),
                """{"role":"assistant","content":"","tool_calls":[{"id":"a.b","type":"function","function":{"name":"f","arguments":"{\"q\":1}"}},{"id":"c","type":"function","function":{"name":"f","arguments":"broken"}}]}"""u8.ToArray(),
                """{"role":"tool","tool_call_id":"a.b","content":"1"}"""u8.ToArray(),
                """{"role":"tool","tool_call_id":"c","content":"2"}"""u8.ToArray(),
                """{"role":"assistant","content":""}"""u8.ToArray(),
                """{"role":"developer","content":"In English."}"""u8.ToArray(),
                """{"role":"user","content":"So?"}"""u8.ToArray(),
            ],
            Tools = [Tool],
        });

        Assert.Equal("""[{"type":"text","text":"Be brief."},{"type":"text","text":"In English.","cache_control":{"type":"ephemeral"}}]""", body.GetProperty("system").GetRawText());
        var messages = body.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "user"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(
            """[{"type":"text","text":"See"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}},{"type":"image","source":{"type":"url","url":"https://x.example/y.png"}},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA=="},"title":"a.pdf"},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"é"}}]""",
            messages[0].GetProperty("content").GetRawText());
        var ids = messages[1].GetProperty("content").EnumerateArray().Select(block => block.GetProperty("id").GetString()!).ToList();
        Assert.All(ids, id => Assert.Matches("^[a-zA-Z0-9_-]+$", id));
        Assert.Equal(["""{"q":1}""", "{}"], messages[1].GetProperty("content").EnumerateArray().Select(block => block.GetProperty("input").GetRawText()));
        var results = messages[2].GetProperty("content").EnumerateArray().ToList();
        Assert.Equal(["tool_result", "tool_result", "text"], results.Select(block => block.GetProperty("type").GetString()));
        Assert.Equal(ids, results.Take(2).Select(block => block.GetProperty("tool_use_id").GetString()));
        Assert.True(results[2].TryGetProperty("cache_control", out _));
    }

    [Theory]
    [InlineData("\"\"", "(empty message)")]
    [InlineData("\" \\n\"", "(empty message)")]
    [InlineData("""[{"type":"text","text":""}]""", "(empty message)")]
    [InlineData("""[{"type":"text","text":" "},{"type":"text","text":"Hi"},{"type":"text","text":"\n"}]""", "Hi")]
    public async Task Text_without_a_letter_is_not_sent(string content, string sent)
    {
        var body = await BodyOfAsync(new ModelRequest
        {
            Model = "claude-opus-5",
            Messages = ["""{"role":"system","content":" \n"}"""u8.ToArray(), Encoding.UTF8.GetBytes($$"""{"role":"user","content":{{content}}}""")],
        });

        Assert.False(body.TryGetProperty("system", out _));
        var block = Assert.Single(body.GetProperty("messages")[0].GetProperty("content").EnumerateArray());
        Assert.Equal(sent, block.GetProperty("text").GetString());
        Assert.True(block.TryGetProperty("cache_control", out _));
    }

    [Theory]
    [InlineData("""{"type":"thinking","thinking":"a","signature":"x"},{"type":"text"}""", "thinking,text")]
    [InlineData("""{"type":"thinking","thinking":"a","signature":"x"},{"type":"text"},{"type":"thinking","thinking":"b","signature":"y"}""", "thinking,text")]
    [InlineData("""{"type":"thinking","thinking":"a","signature":"x"},{"type":"redacted_thinking","data":"z"}""", "thinking,redacted_thinking,text")]
    public async Task Thoughts_are_never_the_last_block_of_an_answer(string items, string sent)
    {
        var body = await BodyOfAsync(ModelHarness.Request with
        {
            Model = "claude-opus-5",
            Messages =
            [
                Encoding.UTF8.GetBytes($$$$"""{"role":"assistant","content":"Hi","provider_data":{"provider":"anthropic","model":"claude-opus-5","message":{"items":[{{{{items}}}}]}}}"""),
                """{"role":"user","content":"So?"}"""u8.ToArray(),
            ],
        });

        Assert.Equal(sent, string.Join(',', body.GetProperty("messages")[1].GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString())));
    }

    [Theory]
    [InlineData("""data: {"type":"message","model":"m","stop_reason":"end_turn","content":[{"type":"text","text":"Hi"}]}""")]
    [InlineData("""data: {"type":"message_start","message":{"content":[{"type":"text","text":"Hi"}]}}|data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}|data: {"type":"message_stop"}""")]
    [InlineData("""data: {"type":"message_start","message":{"content":[{"type":"text","text":"Hi"}]}}|data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}|data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}|data: {"type":"message_stop"}""")]
    [InlineData("""data: {"type":"message_start","message":{"stop_reason":"end_turn","content":[{"type":"text","text":"Hi"}]}}|data: {"type":"message_stop"}""")]
    public async Task Message_that_comes_whole_in_a_stream_is_read_once(string events)
    {
        Upstream.Answers(answer => answer.Raw(events.Replace("|", "\n\n", StringComparison.Ordinal) + "\n\n"));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("Hi", "stop"), (answer.Text, answer.FinishReason));
    }

    [Theory]
    [InlineData("thinking:a text:First. thinking:b text:Second. tool_use:1")]
    [InlineData("tool_use:1 text:After.")]
    [InlineData("text:Before. tool_use:1 text:\u00e9\ud83d\ude00\nBetween. tool_use:2 text:After.")]
    [InlineData("thinking:a tool_use:1 thinking:b tool_use:2")]
    [InlineData("text:One. text:Two.")]
    public async Task Blocks_go_back_in_the_order_of_the_answer(string blocks)
    {
        var sent = blocks.Split(' ').Select(block => block.Split(':')).ToList();
        Upstream.Answers(answer =>
        {
            foreach (var (index, block) in sent.Index())
            {
                var value = JsonSerializer.Serialize(block[1]);
                answer.Event(block[0] switch
                {
                    "text" => $$"""{"type":"content_block_start","index":{{index}},"content_block":{"type":"text","text":""} }""",
                    "thinking" => $$"""{"type":"content_block_start","index":{{index}},"content_block":{"type":"thinking","thinking":{{value}},"signature":"s"} }""",
                    _ => $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"tool_use","id":{{{value}}},"name":"f","input":{"q":1} } }""",
                });
                if (block[0] == "text")
                    answer.Event($$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"text_delta","text":{{{value}}} } }""");
                answer.Event($$"""{"type":"content_block_stop","index":{{index}} }""");
            }

            answer.Event("""{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""").Event("""{"type":"message_stop"}""");
        });
        var answer = await AskAsync(ModelHarness.Request);
        var message = new Dictionary<string, object?>
        {
            ["role"] = "assistant",
            ["content"] = answer.Text,
            ["tool_calls"] = answer.ToolCalls.Values.Select(call => new { id = call.Id, type = "function", function = new { name = call.Name, arguments = call.Arguments } }),
            ["provider_data"] = answer.State is null ? null : new
            {
                provider = "anthropic",
                model = "m",
                message = JsonElement.Parse(answer.State.Message!.Value.Utf8.Span),
            },
        };

        var body = await BodyOfAsync(ModelHarness.Request with
        {
            Messages = [JsonSerializer.SerializeToUtf8Bytes(message), """{"role":"user","content":"So?"}"""u8.ToArray()],
        });

        Assert.Equal(
            sent.Select(block => $"{block[0]}:{block[1]}"),
            body.GetProperty("messages")[1].GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString() switch
            {
                "tool_use" => $"tool_use:{block.GetProperty("id").GetString()}",
                var type => $"{type}:{block.GetProperty(type!).GetString()}",
            }));
    }

    [Theory]
    [InlineData("<think>hm</think>\\n\\nFirst", "First", 5)]
    [InlineData("<think>hm", "", 0)]
    [InlineData("<thi", "<thi", 4)]
    public async Task Length_of_a_text_is_without_its_thoughts(string sent, string text, int length)
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""")
            .Event($$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{sent}}}"} }""")
            .Event("""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"q":1}}}""")
            .Event("""{"type":"content_block_start","index":2,"content_block":{"type":"text","text":"Second"}}""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""").Event("""{"type":"message_stop"}"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal($"{text}Second", answer.Text);
        Assert.Equal(length, JsonElement.Parse(answer.State!.Message!.Value.Utf8.Span).GetProperty("items")[0].GetProperty("length").GetInt32());
    }

    [Fact]
    public async Task Surrogate_pair_of_an_edited_text_stays_whole()
    {
        var body = await BodyOfAsync(ModelHarness.Request with
        {
            Messages =
            [
                """{"role":"assistant","content":"a😀b","tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}],"provider_data":{"provider":"anthropic","model":"m","message":{"items":[{"type":"text","length":2},{"type":"tool_use"},{"type":"text","length":2}]}}}"""u8.ToArray(),
                """{"role":"user","content":"So?"}"""u8.ToArray(),
            ],
        });

        Assert.Equal(
            ["a😀", "b"],
            body.GetProperty("messages")[1].GetProperty("content").EnumerateArray().Where(block => block.TryGetProperty("text", out _)).Select(block => block.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Calls_of_several_turns_with_the_same_id_get_different_ones()
    {
        var body = await BodyOfAsync(ModelHarness.Request with { Messages = SameIds });

        var blocks = body.GetProperty("messages").EnumerateArray().SelectMany(message => message.GetProperty("content").EnumerateArray()).ToList();
        Assert.Equal(["call_1_0", "call_1_0_2"], blocks.Where(block => block.TryGetProperty("id", out _)).Select(block => block.GetProperty("id").GetString()));
        Assert.Equal(["call_1_0", "call_1_0_2"], blocks.Where(block => block.TryGetProperty("tool_use_id", out _)).Select(block => block.GetProperty("tool_use_id").GetString()));
    }

    [Theory]
    [InlineData("claude-opus-4-6", null, """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-sonnet-5", "high", """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-opus-4-7-20260101", null, """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-sonnet-4-5-20250929", "medium", """{"type":"enabled","budget_tokens":4096}""")]
    [InlineData("claude-3-7-sonnet-20250219", "low", """{"type":"enabled","budget_tokens":2048}""")]
    [InlineData("claude-sonnet-4-20250514", null, null)]
    [InlineData("claude-3-5-haiku-latest", "high", null)]
    [InlineData("claude-opus-5", "none", null)]
    public async Task Model_thinks_in_the_way_of_its_generation(string model, string? effort, string? thinking)
    {
        var body = await BodyOfAsync(ModelHarness.Request with { Model = model, Options = effort is null ? RequestOptions.None : Options(("reasoning_effort", $"\"{effort}\"")) });

        Assert.Equal(thinking, body.TryGetProperty("thinking", out var sent) ? sent.GetRawText() : null);
        Assert.Equal(thinking?.Contains("adaptive", StringComparison.Ordinal) == true && effort is not null, body.TryGetProperty("output_config", out _));
    }

    [Theory]
    [InlineData("\"required\"", """{"type":"any"}""")]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", """{"type":"tool","name":"f"}""")]
    [InlineData("\"none\"", """{"type":"none"}""")]
    [InlineData("\"auto\"", null)]
    public async Task Choice_of_tools_is_mapped_and_a_forced_one_leaves_no_room_for_thoughts(string choice, string? sent)
    {
        var body = await BodyOfAsync(ModelHarness.Request with { Model = "claude-opus-5", Tools = [Tool], Options = Options(("tool_choice", choice)) });

        Assert.Equal(sent, body.TryGetProperty("tool_choice", out var mapped) ? mapped.GetRawText() : null);
        Assert.Equal(sent is null or """{"type":"none"}""", body.TryGetProperty("thinking", out _));
    }

    [Fact]
    public async Task Arguments_with_half_a_surrogate_pair_are_sent_as_valid_text()
    {
        var body = await BodyOfAsync(ModelHarness.Request with
        {
            Messages =
            [
                .. ModelHarness.Request.Messages,
                """{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"q\":\"cut \\ud83d\",\"r\":\"\\ud83d\\ude00 \\\\ud83d\"}"}}]}"""u8.ToArray(),
                """{"role":"tool","tool_call_id":"a","content":"1"}"""u8.ToArray(),
            ],
            Tools = [Tool],
        });

        Assert.Equal(("cut \ufffd", "😀 \\ud83d"), InputOf(body));

        static (string?, string?) InputOf(JsonElement body)
        {
            var input = body.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("input");
            return (input.GetProperty("q").GetString(), input.GetProperty("r").GetString());
        }
    }

    [Fact]
    public async Task Last_round_forbids_the_tools_that_it_declares()
    {
        var body = await BodyOfAsync(ModelHarness.Request with { Tools = [Tool], ForbidsToolCalls = true, Options = Options(("stop", "\"x\""), ("parallel_tool_calls", "false")) });

        Assert.Equal("""{"type":"none"}""", body.GetProperty("tool_choice").GetRawText());
        Assert.Single(body.GetProperty("tools").EnumerateArray());
        Assert.Equal("""["x"]""", body.GetProperty("stop_sequences").GetRawText());
    }

    [Fact]
    public async Task Answer_to_continue_ends_without_white_space()
    {
        var body = await BodyOfAsync(ModelHarness.Request with { Messages = [.. ModelHarness.Request.Messages, """{"role":"assistant","content":"Once \n"}"""u8.ToArray()] });

        Assert.Equal("Once", body.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Tool_is_strict_where_its_definition_is()
    {
        var body = await BodyOfAsync(ModelHarness.Request with { Tools = [ModelHarness.Tool("a", strict: true), ModelHarness.Tool("b", strict: false)] });

        Assert.Equal(["name,input_schema,strict", "name,input_schema"], body.GetProperty("tools").EnumerateArray()
            .Select(tool => string.Join(',', tool.EnumerateObject().Select(field => field.Name))));
    }

    [Theory]
    [InlineData("thinking: adaptive thinking is not supported on this model", "thinking")]
    [InlineData("`temperature` is deprecated for this model.", "temperature")]
    [InlineData("output_config.format: Extra inputs are not permitted", "output_config")]
    public async Task Field_that_is_refused_is_left_out_in_the_next_try(string refusal, string field)
    {
        Upstream.Fails(400, JsonSerializer.Serialize(new { type = "error", error = new { type = "invalid_request_error", message = refusal } }));
        Says("end_turn", "a");

        await AskAsync(ModelHarness.Request with
        {
            Sampling = new SamplingOptions { Temperature = 0.5 },
            ResponseSchema = new ResponseSchema("plan", JsonElement.Parse("""{"type":"object"}""")),
        });

        Assert.True(Upstream.Requests[0].Body.TryGetProperty(field, out _));
        Assert.False(Upstream.Requests[1].Body.TryGetProperty(field, out _));
    }

    private void Says(string reason, params string[] escapedPieces) => Upstream.Answers(answer =>
    {
        answer.Event("""{"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":3,"cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":1}}}""")
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        foreach (var piece in escapedPieces)
            answer.Raw("event: content_block_delta\n").Event("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" """.TrimEnd() + $"{piece}\"}}}}");
        answer.Event("""{"type":"content_block_stop","index":0}""")
            .Event("""{"type":"message_delta","delta":{"stop_reason":"REASON"},"usage":{"output_tokens":9}}""".Replace("REASON", reason, StringComparison.Ordinal))
            .Event("""{"type":"message_stop"}""");
    });

    private async Task<JsonElement> BodyOfAsync(ModelRequest request)
    {
        Says("end_turn", "a");
        await AskAsync(request);
        return Upstream.Requests[^1].Body;
    }

    internal override ProviderEndpoint EndpointAt(string url) => AnthropicProviderType.Adjust(ProviderEndpoint.For("anthropic", url, "key", "/messages"));

    internal override IModel Connect(ProviderCall call) => new AnthropicModel(call);
}
