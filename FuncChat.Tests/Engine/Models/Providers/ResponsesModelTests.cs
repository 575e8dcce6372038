using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.Responses;
using FuncChat.Tests.Engine.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace FuncChat.Tests.Engine.Models.Providers;

public sealed class ResponsesModelTests : ProviderModelBench
{
    [Fact]
    public async Task Answer_has_text_reasoning_usage_and_finish()
    {
        Upstream.Answers(answer => answer
            .Raw("event: response.created\n").Event("""{"type":"response.created","response":{"id":"r"}}""")
            .Event("""{"type":"response.reasoning_summary_part.added","summary_index":0}""")
            .Event("""{"type":"response.reasoning_summary_text.delta","delta":"One."}""")
            .Event("""{"type":"response.reasoning_summary_part.added","summary_index":1}""")
            .Event("""{"type":"response.reasoning_summary_text.delta","delta":"Two."}""")
            .Event("""{"type":"response.output_text.delta","delta":"4 \"é\" \ud83d\ude00","sequence_number":9,"logprobs":[]}""")
            .Event("""{"type":"response.completed","response":{"model":"gpt-5-2026","usage":{"input_tokens":9,"output_tokens":8,"total_tokens":17,"input_tokens_details":{"cached_tokens":7},"output_tokens_details":{"reasoning_tokens":6}}}}"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("One.\n\nTwo.", "4 \"é\" 😀", "stop"), (answer.Reasoning, answer.Text, answer.FinishReason));
        Assert.Equal(new ModelUsage(9, 8) { CachedInputTokens = 7, ReasoningTokens = 6 }, answer.Usage);
    }

    [Theory]
    [InlineData("""{"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}}""", "length")]
    [InlineData("""{"type":"response.incomplete","response":{"incomplete_details":{"reason":"content_filter"}}}""", "content_filter")]
    [InlineData("""{"type":"response.incomplete","response":{"incomplete_details":null}}""", "length")]
    [InlineData("""{"type":"response.completed","response":{"status":"incomplete"}}""", "length")]
    public async Task Incomplete_answer_has_its_reason(string end, string reason)
    {
        Upstream.Answers(answer => answer.Event("""{"type":"response.output_text.delta","delta":"a"}""").Event(end));

        Assert.Equal(reason, (await AskAsync(ModelHarness.Request)).FinishReason);
    }

    [Theory]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_error","message":"It failed."}}}""", ErrorCode.UpstreamError)]
    [InlineData("""{"type":"error","code":"rate_limit_exceeded","message":"Slow down."}""", ErrorCode.RateLimited)]
    [InlineData("""{"type":"response.output_text.delta","delta":"a"}""", ErrorCode.UpstreamError)]
    [InlineData("""{"type":"response.output_item.done","item":{"type":"message","content":[{"type":"output_text","text":"a"}]}}""", ErrorCode.UpstreamError)]
    [InlineData("""{"type":"response.completed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"Slow down."},"output":[]}}""", ErrorCode.RateLimited)]
    [InlineData("""{"type":"response.completed","response":{"status":"completed","output":[{"type":"image_generation_call","id":"i","result":"iVBOR"}]}}""", ErrorCode.UpstreamError)]
    public async Task Answer_that_fails_or_breaks_off_is_an_error(string end, ErrorCode code)
    {
        Upstream.Answers(answer => answer.Event(end));

        Assert.Equal(code, (await Assert.ThrowsAsync<ModelException>(() => AskAsync(ModelHarness.Request))).Error.Code);
    }

    [Theory]
    [InlineData("""{"error":{"message":"Overloaded","type":"server_error"}}""", "Overloaded")]
    [InlineData("""{"error":{"message":"Overloaded","code":503}}""", "Overloaded")]
    [InlineData("""{"error":"Overloaded"}""", "Overloaded")]
    public async Task Error_without_a_type_is_reported_with_its_words(string error, string words)
    {
        Upstream.Answers(answer => answer.Event(error));

        Assert.Contains(words, (await Assert.ThrowsAsync<ModelException>(() => AskAsync(ModelHarness.Request))).Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"object":"response","status":"failed","error":null,"output":[]}""")]
    [InlineData("""{"object":"response","status":"in_progress","error":null,"output":[]}""")]
    [InlineData("""{"object":"response","status":"queued","error":null,"output":[]}""")]
    public async Task Response_that_comes_whole_and_is_not_complete_is_an_error(string body)
    {
        Upstream.Answers(answer => answer.Raw(body));

        Assert.Equal(ErrorCode.UpstreamError, (await Assert.ThrowsAsync<ModelException>(() => AskAsync(ModelHarness.Request))).Error.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{\"q\":1}"}""")]
    public async Task Arguments_that_come_whole_count_when_no_delta_had_them(string delta)
    {
        Upstream.Answers(answer =>
        {
            answer.Event("""{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"c","name":"f","arguments":""}}""");
            if (delta.Length > 0)
                answer.Event(delta);
            answer.Event("""{"type":"response.function_call_arguments.done","output_index":0,"arguments":"{\"q\":1}"}""")
                .Event("""{"type":"response.completed","response":{"output":[]}}""");
        });

        Assert.Equal("""{"q":1}""", Assert.Single((await AskAsync(ModelHarness.Request)).ToolCalls.Values).Arguments);
    }

    [Fact]
    public async Task Messages_whose_deltas_interleave_are_shown_one_after_the_other()
    {
        Upstream.Answers(answer =>
        {
            foreach (var (index, piece) in ((int, string)[])[(0, "Let "), (1, "It is "), (0, "me see."), (2, "Bye."), (1, "42.")])
                answer.Event($$"""{"type":"response.output_text.delta","output_index":{{index}},"delta":"{{piece}}"}""");
            answer.Event("""{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"Let me see."}]}}""")
                .Event("""{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"It is 42."}]}}""")
                .Event("""{"type":"response.completed","response":{}}""");
        });

        Assert.Equal("Let me see.\n\nIt is 42.\n\nBye.", (await AskAsync(ModelHarness.Request)).Text);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Sources_come_with_the_answer(bool inEvents, bool inItem)
    {
        const string Annotation = """{"type":"url_citation","url":"https://one.test/a?utm_source=openai","title":"One","start_index":0,"end_index":1}""";
        var annotations = inItem ? $"[{Annotation},{Annotation}]" : "[]";
        var item = $$"""{"type":"message","content":[{"type":"output_text","text":"So.","annotations":{{annotations}}}]}""";
        Upstream.Answers(answer =>
        {
            answer.Event("""{"type":"response.output_text.delta","delta":"So."}""");
            if (inEvents)
                answer.Event($$"""{"type":"response.output_text.annotation.added","annotation_index":0,"annotation":{{Annotation}}}""");
            answer.Event($$"""{"type":"response.output_item.done","item":{{item}}}""").Event($$"""{"type":"response.completed","response":{"output":[{{item}}]} }""");
        }).Answers(answer => answer.Raw($$"""{"object":"response","status":"completed","output":[{{item}}]}"""));

        var streamed = await AskAsync(ModelHarness.Request);
        var whole = await AskAsync(ModelHarness.Request);

        ModelSource[] expected = [new("https://one.test/a?utm_source=openai", "One")];
        Assert.Equal(expected, streamed.Sources);
        Assert.Equal(inItem ? expected : [], whole.Sources);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("{\"code\":0,\"message\":\"\"}")]
    public async Task Empty_error_is_none(string error)
    {
        Upstream.Answers(answer => answer
            .Event($$"""{"error":{{error}}}""").Event("""{"type":"response.output_text.delta","delta":"a"}""").Event("""{"type":"response.completed","response":{}}"""));

        Assert.Equal("a", (await AskAsync(ModelHarness.Request)).Text);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Texts_of_two_messages_are_separated_and_go_back_without_the_separator(bool streams, bool hasIndexes)
    {
        string[] texts = ["Let me check that.", "It is 42."];
        Upstream.Answers(answer =>
        {
            for (var place = 0; place < texts.Length; place++)
            {
                var index = hasIndexes ? $$""","output_index":{{place}}""" : "";
                foreach (var piece in streams ? (string[])[texts[place][..3], texts[place][3..]] : [])
                    answer.Event($$"""{"type":"response.output_text.delta"{{index}},"delta":"{{piece}}"}""");
                answer.Event($$"""{"type":"response.output_item.done"{{index}},"item":{"type":"message","phase":"p{{place}}","content":[{"type":"output_text","text":"{{texts[place]}}"}]} }""");
            }

            answer.Event("""{"type":"response.completed","response":{}}""");
        }).Answers(answer => answer.Event("""{"type":"response.completed","response":{}}"""));

        var answer = await AskAsync(ModelHarness.Request with { Model = "m" });

        Assert.Equal("Let me check that.\n\nIt is 42.", answer.Text);
        var message = Encoding.UTF8.GetString(answer.State!.Message!.Value.Utf8.Span);
        await AskAsync(ModelHarness.Request with
        {
            Model = "m",
            Messages = [Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(answer.Text)}},"provider_data":{"provider":"openai","model":"m","message":{{message}} } }""")],
        });
        Assert.Equal(
            texts,
            Upstream.Requests[1].Body.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Response_that_comes_whole_is_read()
    {
        Upstream.Answers(answer => answer.Raw(
            """
            {"object":"response","model":"m","status":"completed","error":null,"incomplete_details":null,"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5},"output":[
              {"type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"x"},
              {"type":"message","content":[{"type":"output_text","text":"Hello \"é\""}]},
              {"type":"function_call","call_id":"t","name":"f","arguments":"{}"},{"type":"function_call","call_id":"u","name":"f","arguments":"{}"}]}
            """));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("Hm.", "Hello \"é\"", "tool_calls"), (answer.Reasoning, answer.Text, answer.FinishReason));
        Assert.Equal(["t{}", "u{}"], answer.ToolCalls.Values.Select(call => call.Id + call.Arguments));
        Assert.Equal(new ModelUsage(3, 2), answer.Usage);
        Assert.Contains("\"encrypted_content\":\"x\"", Encoding.UTF8.GetString(answer.State!.Message!.Value.Utf8.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Answer_without_deltas_is_read_from_its_complete_form(bool inItems, bool inResponse)
    {
        string[] items =
        [
            """{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"One."},{"type":"summary_text","text":"Two."}],"encrypted_content":"x"}""",
            """{"type":"message","id":"m1","phase":"commentary","content":[{"type":"output_text","text":"Let me \"see\". ","annotations":[{"type":"url_citation","url":"https://x.example"}]}]}""",
            """{"type":"function_call","id":"fc","call_id":"t","name":"f","arguments":"{\"q\":1}"}""",
            """{"type":"message","id":"m2","content":[{"type":"refusal","refusal":"No."}]}""",
        ];
        Upstream.Answers(answer =>
        {
            answer.Event("""{"type":"response.output_text.delta","output_index":1,"delta":""}""");
            for (var place = 0; inItems && place < items.Length; place++)
                answer.Event($$"""{"type":"response.output_item.done","output_index":{{place}},"item":{{items[place]}} }""");
            answer.Event($$$"""{"type":"response.completed","response":{"output":[{{{(inResponse ? string.Join(',', items) : "")}}}]} }""");
        });

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("One.\n\nTwo.", "Let me \"see\". ", "No.", "tool_calls"), (answer.Reasoning, answer.Text, answer.Refusal, answer.FinishReason));
        Assert.Equal("""t{"q":1}""", Assert.Single(answer.ToolCalls.Values.Select(call => call.Id + call.Arguments)));
        Assert.Equal(
            ["reasoning", "message", "function_call", "message"],
            JsonElement.Parse(answer.State!.Message!.Value.Utf8.Span).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData(",\"output_index\":0", ",\"output_index\":0", ",\"output_index\":0")]
    [InlineData(",\"output_index\":0", ",\"output_index\":1", ",\"output_index\":2")]
    [InlineData("", "", "")]
    [InlineData("", ",\"output_index\":1", ",\"output_index\":2")]
    public async Task Answer_with_deltas_is_not_doubled_by_its_complete_form(string first, string second, string third)
    {
        // The deltas of some servers have another index than the items, or none.
        Upstream.Answers(answer => answer
            .Event($$"""{"type":"response.reasoning_summary_text.delta"{{first}},"delta":"Hm."}""")
            .Event($$"""{"type":"response.output_item.done"{{first}},"item":{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}]} }""")
            .Event($$"""{"type":"response.output_text.delta"{{(first.Length > 0 ? second : first)}},"delta":"Streamed. "}""")
            .Event($$"""{"type":"response.output_item.done"{{second}},"item":{"type":"message","content":[{"type":"output_text","text":"Streamed. "}]} }""")
            .Event($$"""{"type":"response.output_item.done"{{third}},"item":{"type":"message","content":[{"type":"output_text","text":"Whole."}]} }""")
            .Event("""{"type":"response.completed","response":{"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}]},{"type":"message","content":[{"type":"output_text","text":"Streamed. "}]},{"type":"message","content":[{"type":"output_text","text":"Whole."}]}]}}"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("Hm.", "Streamed. \n\nWhole."), (answer.Reasoning, answer.Text));
    }

    [Fact]
    public async Task Messages_whose_deltas_alternate_are_not_doubled()
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"response.output_text.delta","output_index":0,"delta":"A"}""")
            .Event("""{"type":"response.output_text.delta","output_index":1,"delta":"B"}""")
            .Event("""{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"A"}]}}""")
            .Event("""{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"B"}]}}""")
            .Event("""{"type":"response.completed","response":{"output":[]}}"""));

        Assert.Equal("A\n\nB", (await AskAsync(ModelHarness.Request)).Text);
    }

    [Fact]
    public async Task Deltas_without_completed_items_are_not_doubled_by_the_complete_response()
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"response.reasoning_text.delta","delta":"Hm."}""")
            .Event("""{"type":"response.output_text.delta","delta":"Hi"}""")
            .Event("""{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"t","name":"f","arguments":""}}""")
            .Event("""{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{}"}""")
            .Event("""{"type":"response.completed","response":{"output":[{"type":"reasoning","content":[{"type":"reasoning_text","text":"Hm."}]},{"type":"message","content":[{"type":"output_text","text":"Hi"}]},{"type":"function_call","call_id":"t","name":"f","arguments":"{}"}]}}"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("Hm.", "Hi", "{}"), (answer.Reasoning, answer.Text, Assert.Single(answer.ToolCalls.Values).Arguments));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","content":[]""")]
    [InlineData(""","content":null,"encrypted_content":null""")]
    [InlineData(""","content":[{"type":"reasoning_text","text":"Hm \u00e9."}]""")]
    public async Task Thoughts_that_were_streamed_go_back_also_if_the_completed_item_lacks_them(string fields)
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"response.reasoning_text.delta","output_index":0,"delta":"Hm "}""")
            .Event("""{"type":"response.reasoning_text.delta","output_index":0,"delta":"\u00e9."}""")
            .Event($$"""{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]{{fields}} } }""")
            .Event("""{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"Hi"}]}}""")
            .Event("""{"type":"response.completed","response":{"output":[]}}"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("Hm é.", "Hi"), (answer.Reasoning, answer.Text));
        var reasoning = JsonElement.Parse(answer.State!.Message!.Value.Utf8.Span).GetProperty("items")[0];
        Assert.Equal("""[{"type":"reasoning_text","text":"Hm é."}]""", Regex.Unescape(reasoning.GetProperty("content").GetRawText()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"output_index\":0")]
    public async Task Calls_stay_apart_when_their_items_have_no_index_of_their_own(string index)
    {
        Upstream.Answers(answer =>
        {
            foreach (var number in Enumerable.Range(0, 3))
            {
                var call = $$$"""{"type":"function_call","call_id":"t{{{number}}}","name":"f","arguments":"{\"q\":{{{number}}} }"}""";
                answer.Event($$"""{"type":"response.output_item.added"{{index}},"item":{"type":"function_call","call_id":"t{{number}}","name":"f","arguments":""} }""")
                    .Event($$$"""{"type":"response.function_call_arguments.delta"{{{index}}},"delta":"{\"q\":{{{number}}} }"}""")
                    .Event($$"""{"type":"response.output_item.done"{{index}},"item":{{call}} }""");
            }

            answer.Event("""{"type":"response.completed","response":{}}""");
        });

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(["t0{\"q\":0 }", "t1{\"q\":1 }", "t2{\"q\":2 }"], answer.ToolCalls.Values.Select(call => call.Id + call.Arguments));
    }

    [Theory]
    [InlineData("""{"type":"reasoning","encrypted_content":"\ud83d"}""", "\\uFFFD")]
    [InlineData("""{"type":"reasoning","encrypted_content":"a","encrypted_content":"b"}""", "\"encrypted_content\":\"b\"")]
    [InlineData("""{"type":"reasoning","summary":[{"a":1,"a":2}]}""", "[{\"a\":2}]")]
    public async Task Odd_reasoning_is_repaired(string item, string repaired)
    {
        Upstream.Answers(answer => answer.Event($$"""{"type":"response.output_item.done","output_index":0,"item":{{item}} }""").Event("""{"type":"response.completed","response":{}}"""));

        Assert.Contains(repaired, Encoding.UTF8.GetString((await AskAsync(ModelHarness.Request)).State!.Message!.Value.Utf8.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(null, false)]
    public async Task Tool_is_strict_where_its_definition_is(bool? strict, bool sent)
    {
        Upstream.Answers(answer => answer.Event("""{"type":"response.completed","response":{}}"""));

        await AskAsync(ModelHarness.Request with { Tools = [ModelHarness.Tool("a", strict), ModelHarness.Tool("b", strict)] });

        Assert.All(Upstream.Requests[0].Body.GetProperty("tools").EnumerateArray(), tool => Assert.Equal(sent, tool.GetProperty("strict").GetBoolean()));
    }

    [Fact]
    public async Task Tool_with_alternatives_at_the_top_of_its_schema_is_an_object_and_an_empty_description_is_left_out()
    {
        Upstream.Answers(answer => answer.Event("""{"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"a"}]}]}}"""));

        await AskAsync(ModelHarness.Request with { Tools = [ModelHarness.ToolWithAlternatives] });

        Assert.Equal(
            """[{"type":"function","name":"attach","parameters":{"type":"object","properties":{"content":{"type":"string"},"url":{"type":"string"}}},"strict":false}]""",
            Upstream.Requests[0].Body.GetProperty("tools").GetRawText());
    }

    [Theory]
    [InlineData("t", "t")]
    [InlineData("", "")]
    public async Task Calls_of_a_complete_response_with_the_same_id_stay_apart(string first, string second)
    {
        Upstream.Answers(answer => answer.Event(
            $$$"""{"type":"response.completed","response":{"output":[{"type":"function_call","call_id":"{{{first}}}","name":"f","arguments":"{\"q\":1}"},{"type":"function_call","call_id":"{{{second}}}","name":"g","arguments":"{\"q\":2}"}]}}"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal([("f", """{"q":1}"""), ("g", """{"q":2}""")], answer.ToolCalls.Values.Select(call => (call.Name, call.Arguments)));
    }

    [Theory]
    [InlineData("AB", """{"type":"response.output_text.delta","delta":"A"}|{"type":"response.output_text.delta","delta":"B"}|{"type":"response.completed","response":{"output":[{"type":"message","content":[{"type":"output_text","text":"A"}]},{"type":"message","content":[{"type":"output_text","text":"B"}]}]}}""")]
    [InlineData("Afirst", """{"type":"response.output_text.delta","output_index":1,"delta":"A"}|{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"first"}]}}|{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"A"}]}}|{"type":"response.completed","response":{}}""")]
    [InlineData("A", """{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"A"}]}}|{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"A"}]}}|{"type":"response.completed","response":{}}""")]
    [InlineData("\n\nHello", """{"type":"response.output_text.delta","delta":"\n\nHello"}|{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"Hello"}]}}|{"type":"response.completed","response":{}}""")]
    public async Task Each_text_is_read_once(string text, string events)
    {
        Upstream.Answers(answer =>
        {
            foreach (var each in events.Split('|'))
                answer.Event(each);
        });

        Assert.Equal(text, (await AskAsync(ModelHarness.Request)).Text);
    }

    [Fact]
    public async Task Reasoning_that_only_the_complete_response_has_is_kept_in_its_place()
    {
        const string message = """{"type":"message","content":[{"type":"output_text","text":"A"}]}""";
        Upstream.Answers(answer => answer
            .Event("""{"type":"response.output_text.delta","output_index":1,"delta":"A"}""")
            .Event($$"""{"type":"response.output_item.done","output_index":1,"item":{{message}} }""")
            .Event($$$"""{"type":"response.completed","response":{"output":[{"type":"reasoning","encrypted_content":"e","summary":[]},{{{message}}}]} }"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(
            ["reasoning", "message"],
            JsonElement.Parse(answer.State!.Message!.Value.Utf8.Span).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"output":[{"type":"reasoning","encrypted_content":"e","summary":[]},{"type":"message","content":[{"type":"output_text","text":"One"}]},{"type":"message","content":[{"type":"output_text","text":"Two"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}""")]
    public async Task Items_that_complete_in_another_order_than_they_started_are_kept_in_that_of_their_starts(string response)
    {
        Upstream.Answers(answer => answer
            .Event("""{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning"}}""")
            .Event("""{"type":"response.output_item.added","output_index":1,"item":{"type":"message"}}""")
            .Event("""{"type":"response.output_item.added","output_index":2,"item":{"type":"message"}}""")
            .Event("""{"type":"response.output_item.added","output_index":3,"item":{"type":"function_call","call_id":"c","name":"f"}}""")
            .Event("""{"type":"response.output_text.delta","output_index":1,"delta":"One"}""")
            .Event("""{"type":"response.output_text.delta","output_index":2,"delta":"Two"}""")
            .Event("""{"type":"response.output_item.done","output_index":3,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}}""")
            .Event("""{"type":"response.output_item.done","output_index":2,"item":{"type":"message","content":[{"type":"output_text","text":"Two"}]}}""")
            .Event("""{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","encrypted_content":"e","summary":[]}}""")
            .Event("""{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"One"}]}}""")
            .Event($$"""{"type":"response.completed","response":{{response}} }"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal("One\n\nTwo", answer.Text);
        Assert.Equal(
            """[{"type":"reasoning","encrypted_content":"e","summary":[]},{"type":"message","length":3},{"type":"message","length":3,"separated":true},{"type":"function_call"}]""",
            JsonElement.Parse(answer.State!.Message!.Value.Utf8.Span).GetProperty("items").GetRawText());
    }

    [Fact]
    public async Task Items_that_all_have_the_same_index_are_kept_in_the_order_in_which_they_complete()
    {
        Upstream.Answers(answer =>
        {
            foreach (var (type, rest) in ((string, string)[])[("reasoning", "\"encrypted_content\":\"e\""), ("message", "\"content\":[]"), ("reasoning", "\"encrypted_content\":\"f\""), ("message", "\"content\":[]")])
            {
                answer.Event($$"""{"type":"response.output_item.added","output_index":0,"item":{"type":"{{type}}"} }""")
                    .Event($$"""{"type":"response.output_item.done","output_index":0,"item":{"type":"{{type}}",{{rest}} } }""");
            }

            answer.Event("""{"type":"response.completed","response":{}}""");
        });

        var items = JsonElement.Parse((await AskAsync(ModelHarness.Request)).State!.Message!.Value.Utf8.Span).GetProperty("items").EnumerateArray();

        Assert.Equal(["reasoning", "message", "reasoning", "message"], items.Select(item => item.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Refusal_is_text_that_is_marked()
    {
        Upstream.Answers(answer => answer.Event("""{"type":"response.refusal.delta","delta":"No."}""").Event("""{"type":"response.completed","response":{}}"""));

        var answer = await AskAsync(ModelHarness.Request);

        Assert.Equal(("No.", null), (answer.Refusal, answer.State));
    }

    [Fact]
    public async Task Request_has_each_field_in_the_form_of_the_api()
    {
        Upstream.Answers(answer => answer.Event("""{"type":"response.completed","response":{}}"""));

        await AskAsync(new ModelRequest
        {
            Model = "gpt-5",
            Messages =
            [
                """{"role":"system","content":"Be brief."}"""u8.ToArray(),
                """{"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}}]}"""u8.ToArray(),
                """{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"""u8.ToArray(),
                """{"role":"tool","tool_call_id":"a","content":"1"}"""u8.ToArray(),
            ],
            Tools = [AIFunctionFactory.Create((string q) => q, "f", "F.")],
            Sampling = new SamplingOptions { MaxTokens = 9 },
            Options = Options(("reasoning_effort", "\"low\""), ("verbosity", "\"high\""), ("tool_choice", """{"type":"function","function":{"name":"f"}}"""),
                ("response_format", """{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}}""")),
        });

        var body = Upstream.Requests[0].Body;
        Assert.Equal(
            """[{"type":"message","role":"system","content":"Be brief."},{"type":"message","role":"user","content":[{"type":"input_text","text":"See"},{"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"auto"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}]},{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"a","output":"1"}]""",
            body.GetProperty("input").GetRawText());
        Assert.Equal("""{"effort":"low","summary":"auto"}""", body.GetProperty("reasoning").GetRawText());
        Assert.Equal("""["reasoning.encrypted_content"]""", body.GetProperty("include").GetRawText());
        Assert.Equal("""{"type":"function","name":"f"}""", body.GetProperty("tool_choice").GetRawText());
        Assert.Equal("""{"verbosity":"high","format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}}""", body.GetProperty("text").GetRawText());
        Assert.Equal(9, body.GetProperty("max_output_tokens").GetInt32());
        Assert.Equal("f", body.GetProperty("tools")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Calls_of_several_turns_with_the_same_id_get_different_ones()
    {
        Upstream.Answers(answer => answer.Event("""{"type":"response.completed","response":{}}"""));

        await AskAsync(ModelHarness.Request with { Messages = SameIds });

        Assert.Equal(
            ["call_1_0", "call_1_0", "call_1_0_2", "call_1_0_2"],
            Upstream.Requests[0].Body.GetProperty("input").EnumerateArray().Where(item => item.TryGetProperty("call_id", out _)).Select(item => item.GetProperty("call_id").GetString()));
    }

    [Theory]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":null},{"type":"message","length":2}""", "Hi", "message")]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[]},{"type":"message","length":2}""", "Hi", "message")]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"I think."}]},{"type":"message","length":2}""", "Hi", "reasoning,message")]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"}""", "", "")]
    [InlineData("""{"type":"message","length":2},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"}""", "Hi", "message")]
    [InlineData("""{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"},{"type":"message","length":2}""", "Hi", "reasoning,message")]
    public async Task Reasoning_goes_back_where_it_has_its_content_and_led_to_something(string items, string text, string sent)
    {
        Upstream.Answers(answer => answer.Event("""{"type":"response.completed","response":{}}"""));

        await AskAsync(ModelHarness.Request with
        {
            Model = "m",
            Messages = [Encoding.UTF8.GetBytes($$$$"""{"role":"assistant","content":"{{{{text}}}}","provider_data":{"provider":"openai","model":"m","message":{"items":[{{{{items}}}}]}}}""")],
        });

        Assert.Equal(sent, string.Join(',', Upstream.Requests[0].Body.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString())));
    }

    [Fact]
    public async Task Allowed_tools_are_written_as_the_api_has_them()
    {
        Upstream.Answers(answer => answer.Event("""{"type":"response.completed","response":{}}"""));

        await AskAsync(ModelHarness.Request with
        {
            Tools = [AIFunctionFactory.Create((string q) => q, "f", "F.")],
            Options = Options(("tool_choice", """{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}}""")),
        });

        Assert.Equal(
            """{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}""", Upstream.Requests[0].Body.GetProperty("tool_choice").GetRawText());
    }

    [Fact]
    public async Task Model_without_reasoning_is_learned()
    {
        Upstream
            .Fails(400, """{"error":{"message":"Encrypted content is not supported with this model.","param":"include"}}""")
            .Fails(400, """{"error":{"message":"Unsupported parameter: 'reasoning.effort' is not supported with this model.","param":"reasoning.effort"}}""")
            .Answers(answer => answer.Event("""{"type":"response.completed","response":{}}"""));

        await AskAsync(ModelHarness.Request);

        Assert.False(Upstream.Requests[2].Body.TryGetProperty("include", out _));
        Assert.False(Upstream.Requests[2].Body.TryGetProperty("reasoning", out _));
    }

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData(null, "input_audio")]
    public async Task What_the_api_cannot_carry_is_refused_before_the_call(string? option, string word)
    {
        var request = ModelHarness.Request with { Options = option is null ? RequestOptions.None : Options((option, "[\"x\"]")) };
        if (option is null)
            request = request with { Messages = ["""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}"""u8.ToArray()] };

        var failure = await Assert.ThrowsAsync<ModelException>(() => AskAsync(request));

        Assert.Equal(ErrorCode.InvalidRequest, failure.Error.Code);
        Assert.Contains(word, failure.Error.Message, StringComparison.Ordinal);
        Assert.Empty(Upstream.Requests);
    }

    internal override ProviderEndpoint EndpointAt(string url) => ProviderEndpoint.For("openai", url, "key", "/responses");

    internal override IModel Connect(ProviderCall call) => new ResponsesModel(call);
}
