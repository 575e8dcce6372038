using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.OpenAi;

public sealed class CompletionsTests : IAsyncLifetime
{
    private const string Weather = """{"type":"function","function":{"name":"get_weather","description":"Weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":true}}""";
    private const string EchoDefinition = """{"type":"function","function":{"name":"Echo","parameters":{"type":"object"}}}""";

    private CompletionsServer _server = null!;

    private ScriptedModelServer Upstream => _server.Upstream;

    public async Task InitializeAsync() => _server = await CompletionsServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Answer_has_the_shape_of_OpenAI_and_the_model_that_was_asked_for()
    {
        Upstream.Says("So ", "it is.");

        using var response = await _server.PostAsync(CompletionsServer.Body());
        var completion = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.NotEmpty(response.Headers.GetValues("x-request-id").Single());
        Assert.Equal(["id", "object", "created", "model", "choices", "usage"], completion.EnumerateObject().Select(field => field.Name));
        Assert.Equal("openai:scripted", completion.GetProperty("model").GetString());
        Assert.Equal(
            """[{"index":0,"message":{"role":"assistant","content":"So it is.","refusal":null},"finish_reason":"stop"}]""",
            completion.GetProperty("choices").GetRawText());
    }

    [Fact]
    public async Task Chunks_have_null_usage_until_the_last_when_usage_is_asked_for()
    {
        Upstream.Says("Hi.");

        var answer = await _server.StreamAsync(CompletionsServer.Body(""","stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}"""));

        Assert.Equal("[DONE]", answer.Records[^1]);
        Assert.Single(answer.Chunks.Select(chunk => (chunk.GetProperty("id").GetString(), chunk.GetProperty("created").GetInt64())).Distinct());
        Assert.All(answer.Chunks.SkipLast(1), chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Equal(0, answer.Chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(15, answer.Usage!.Value.GetProperty("total_tokens").GetInt64());
    }

    [Fact]
    public async Task Call_of_a_client_tool_ends_the_turn_and_its_result_comes_with_the_next_request()
    {
        Upstream.Calls(("get_weather", """{"city":"Bern"}"""), ("get_weather", """{"city":"Rome"}""")).Says("Both sunny.");

        var first = await _server.StreamAsync(CompletionsServer.Body($$""","stream":true,"tool_choice":"auto","tools":[{{Weather}}]"""));
        var message = first.Message();
        var second = await _server.CompleteAsync($$"""
            {"model":"openai:scripted","tools":[{{Weather}}],"messages":[{"role":"user","content":"Weather?"},{{message.ToJsonString()}},
            {"role":"tool","tool_call_id":"call_0","content":"sunny"},{"role":"tool","tool_call_id":"call_1","content":[{"type":"text","text":"sunny"}]}]}
            """);

        Assert.Equal("tool_calls", first.FinishReason);
        Assert.Equal(["""{"city":"Bern"}""", """{"city":"Rome"}"""], message["tool_calls"]!.AsArray().Select(call => call!["function"]!["arguments"]!.GetValue<string>()));
        Assert.Equal("Both sunny.", second.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        var offered = Upstream.Requests[0].Body.GetProperty("tools")[0].GetProperty("function");
        Assert.Equal(("get_weather", "Weather"), (offered.GetProperty("name").GetString(), offered.GetProperty("description").GetString()));
        Assert.True(offered.GetProperty("strict").GetBoolean());
        Assert.Equal(4, Upstream.Requests[1].Body.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Client_tool_with_the_name_of_a_server_tool_is_not_run_by_the_server()
    {
        Upstream.Calls(("Echo", """{"text":"mine"}"""));

        var answer = await _server.CompleteAsync(CompletionsServer.Body($$""","tools":[{{EchoDefinition}}]"""));

        var choice = answer.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("Echo", choice.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Single(Upstream.Requests);
    }

    [Theory]
    [InlineData(""","tools":["Echo"]""")]
    [InlineData(""","server_tools":["Echo"]""")]
    public async Task Server_tool_runs_when_it_is_asked_for_by_its_name(string tools)
    {
        Upstream.Calls(("Echo", """{"text":"yours"}""")).Says("Done.");

        var answer = await _server.CompleteAsync(CompletionsServer.Body(tools));

        var choice = answer.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.False(choice.GetProperty("message").TryGetProperty("tool_calls", out _));
        Assert.Equal("yours", Upstream.Requests[1].LastText("tool"));
    }

    [Fact]
    public async Task Server_and_client_tools_mix_in_one_turn()
    {
        Upstream.Calls(("Echo", """{"text":"x"}"""), ("get_weather", """{"city":"Bern"}"""));

        var answer = await _server.StreamAsync(CompletionsServer.Body($$""","stream":true,"tools":[{{Weather}},"Echo"]"""));

        Assert.Equal("tool_calls", answer.FinishReason);
        Assert.Equal("call_1", answer.Message()["tool_calls"]!.AsArray().Single()!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Forced_tool_choice_holds_for_the_first_call_only()
    {
        Upstream.Calls(("Echo", """{"text":"x"}""")).Says("Done.");

        await _server.CompleteAsync(CompletionsServer.Body(""","tools":["Echo"],"tool_choice":{"type":"function","function":{"name":"Echo"}}"""));

        Assert.True(Upstream.Requests[0].Body.TryGetProperty("tool_choice", out _));
        Assert.False(Upstream.Requests[1].Body.TryGetProperty("tool_choice", out _));
    }

    [Fact]
    public async Task Tool_choice_any_means_required()
    {
        Upstream.Calls(("get_weather", """{"city":"Bern"}"""));

        await _server.CompleteAsync(CompletionsServer.Body($$""","tools":[{{Weather}}],"tool_choice":"any" """));

        Assert.Equal("required", Upstream.Requests.Single().Body.GetProperty("tool_choice").GetString());
    }

    [Fact]
    public async Task Arguments_of_an_earlier_call_may_be_an_object()
    {
        Upstream.Says("Sunny.");

        await _server.CompleteAsync("""
            {"model":"openai:scripted","messages":[{"role":"user","content":"x"},
            {"role":"assistant","content":"","tool_calls":[{"id":"call_1","function":{"name":"get_weather","arguments":{"city":"Zürich \"1\""}}}]},
            {"role":"tool","tool_call_id":"call_1","content":"sunny"}]}
            """);

        var call = Upstream.Requests.Single().Body.GetProperty("messages")[1].GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal("""{"city":"Zürich \"1\""}""", call.GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Allowed_tools_limit_the_tools_of_each_call_and_what_is_run()
    {
        Upstream.Calls(("Echo", """{"text":"x"}""")).Calls(("Steps", "{}")).Says("Done.");

        await _server.CompleteAsync(CompletionsServer.Body(
            ""","tools":["Echo","Steps"],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"Echo"}}]}}"""));

        string[] modes = [.. Upstream.Requests.Select(request => request.Body.GetProperty("tool_choice").GetProperty("allowed_tools").GetProperty("mode").GetString()!)];
        Assert.Equal(["required", "auto", "auto"], modes);
        Assert.Contains("Unknown tool. Available tools: Echo.", Upstream.Requests[2].Body.GetProperty("messages").EnumerateArray().Last().GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"Echo"}}]}}""", "Unknown tool. Available tools: Echo.")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"time"}}]}}""", "Unknown tool. Available tools: time.")]
    [InlineData("\"none\"", "No tools are available in this chat. Answer without them.")]
    public async Task Call_of_a_tool_of_the_client_that_the_choice_does_not_allow_goes_back_to_the_model(string choice, string refusal)
    {
        Upstream.Calls(("get_weather", """{"city":"Bern"}""")).Says("Done.");
        const string Time = """{"type":"function","function":{"name":"time","parameters":{"type":"object"}}}""";

        var completion = await _server.CompleteAsync(CompletionsServer.Body($$""","tools":["Echo",{{Weather}},{{Time}}],"tool_choice":{{choice}}"""));

        var answer = completion.GetProperty("choices")[0];
        Assert.Equal(("stop", "Done."), (answer.GetProperty("finish_reason").GetString(), answer.GetProperty("message").GetProperty("content").GetString()));
        Assert.Contains(refusal, Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().Last().GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_of_the_server_is_not_run_when_the_choice_is_none()
    {
        Upstream.Calls(("Echo", """{"text":"x"}""")).Says("Done.");

        await _server.CompleteAsync(CompletionsServer.Body(""","tools":["Echo"],"tool_choice":"none" """));

        Assert.Contains("No tools are available", Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().Last().GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_fields_are_passed_on_and_others_ignored()
    {
        Upstream.Says("{}");
        const string Format = """{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object"}}}""";

        await _server.CompleteAsync(CompletionsServer.Body(
            $$"""
            ,"stop":["END"],"seed":7,"logit_bias":{"1":2},"reasoning_effort":"low","verbosity":"low","service_tier":"auto","user":"u","metadata":{"a":"b"},
            "prediction":{"type":"content","content":"x"},"response_format":{{Format}},"max_completion_tokens":50,"max_tokens":-1,"parallel_tool_calls":true,
            "n":1,"store":false,"logprobs":false,"modalities":["text"],"audio":null,"temperature":null,"top_k":5,"thinking":{"type":"enabled"},"keep_alive":3,
            "safety_identifier":"s","prompt_cache_key":"k","turn_id":null
            """));

        var sent = Upstream.Requests[0].Body;
        Assert.Equal("""["END"]""", sent.GetProperty("stop").GetRawText());
        Assert.Equal(Format, sent.GetProperty("response_format").GetRawText());
        Assert.Equal(50, sent.GetProperty("max_tokens").GetInt32());
        Assert.All(["seed", "logit_bias", "reasoning_effort", "verbosity", "service_tier", "user", "metadata", "prediction"], name => Assert.True(sent.TryGetProperty(name, out _), name));
        Assert.All(["n", "store", "logprobs", "modalities", "audio", "top_k", "thinking", "keep_alive", "temperature"], name => Assert.False(sent.TryGetProperty(name, out _), name));
    }

    [Theory]
    [InlineData(""","n":2""", "n")]
    [InlineData(""","audio":{"voice":"alloy"}""", "audio")]
    [InlineData(""","modalities":["text","audio"]""", "modalities")]
    [InlineData(""","functions":[{"name":"f"}]""", "functions")]
    [InlineData(""","function_call":{"name":"f"}""", "function_call")]
    [InlineData(""","web_search_options":{}""", "web_search_options")]
    [InlineData(""","temperature":"hot" """, "temperature")]
    [InlineData(""","temperature":3""", "temperature")]
    [InlineData(""","max_tokens":0""", "max_tokens")]
    [InlineData(""","max_tokens":1.5""", "max_tokens")]
    [InlineData(""","stream":"yes" """, "stream")]
    [InlineData(""","stream":true,"stream_options":{"include_usage":1}""", "stream_options.include_usage")]
    [InlineData(""","turn_id":"x" """, "turn_id")]
    [InlineData(""","tools":[{"type":"custom","custom":{"name":"x"}}]""", "tools[0].type")]
    [InlineData(""","tools":[{"type":"function"}]""", "tools[0].function")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"a b"}}]""", "tools[0].function.name")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"a","parameters":[]}}]""", "tools[0].function.parameters")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"Echo"}}],"server_tools":["Echo"]""", "server_tools[0]")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"a"}}],"server_tools":["nothing"]""", "server_tools[0]")]
    [InlineData(""","server_tools":[{}]""", "server_tools[0]")]
    [InlineData(""","tools":{}""", "tools")]
    [InlineData(""","messages":[]""", "messages")]
    public async Task Request_that_cannot_be_honored_is_refused_by_name(string more, string parameter)
    {
        using var response = await _server.PostAsync(CompletionsServer.Body(more));
        var error = await OpenAiErrors.OfAsync(response);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request_error", parameter), (response.StatusCode, error.Type, error.Param));
        Assert.Empty(Upstream.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true,"stream_options":{"include_usage":true}""")]
    public async Task Reasoning_and_the_details_of_the_usage_are_returned(string more)
    {
        Upstream.Answers(answer => answer.Reasoning("Let me ", "think.").Text("42").Finish().Event(
            """{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":7}}}""").Done());

        var (message, _, usage) = await AnswerAsync(CompletionsServer.Body(more));

        Assert.Equal(("42", "Let me think."), (message["content"]!.GetValue<string>(), message["reasoning_content"]!.GetValue<string>()));
        Assert.Equal(8, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt64());
        Assert.Equal(7, usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true,"stream_options":{"include_usage":true}""")]
    public async Task Answer_that_a_filter_cuts_is_returned_with_its_finish_reason(string more)
    {
        Upstream.Answers(answer => answer.Text("Half").Ends("content_filter"));

        var (message, finish, usage) = await AnswerAsync(CompletionsServer.Body(more));

        Assert.Equal(("Half", "content_filter", 15), (message["content"]!.GetValue<string>(), finish, usage.GetProperty("total_tokens").GetInt64()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true,"stream_options":{"include_usage":true}""")]
    public async Task Refusal_is_not_the_content(string more)
    {
        Upstream.Answers(answer => answer.Delta(new { refusal = "I " }).Delta(new { refusal = "can't." }).Ends()).Says("b");

        var (message, finish, _) = await AnswerAsync(CompletionsServer.Body(more));

        Assert.Equal(("I can't.", "stop"), (message["refusal"]!.GetValue<string>(), finish));
        Assert.True(message["content"]?.GetValue<string>() is null or "", message.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true,"stream_options":{"include_usage":true}""")]
    public async Task Refusal_after_text_leaves_the_text_as_the_content(string more)
    {
        Upstream.Answers(answer => answer.Text("Well. ").Delta(new { refusal = "No." }).Ends());

        var (message, _, _) = await AnswerAsync(CompletionsServer.Body(more));

        Assert.Equal(("Well. ", "No."), (message["content"]!.GetValue<string>(), message["refusal"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true,"stream_options":{"include_usage":true}""")]
    public async Task Half_a_surrogate_pair_is_replaced(string more)
    {
        Upstream.Answers(answer => answer
            .Event("""{"choices":[{"index":0,"delta":{"content":"a\ud83d b \ud83d"}}]}""").Event("""{"choices":[{"index":0,"delta":{"content":"\ude00 c\ud83d"}}]}""").Ends());

        var (message, _, _) = await AnswerAsync(CompletionsServer.Body(more));

        Assert.Equal("a\ufffd b \ud83d\ude00 c\ufffd", message["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task Streamed_and_buffered_answers_agree()
    {
        for (var time = 0; time < 2; time++)
        {
            Upstream.Answers(answer => answer.Reasoning("First.").Text("Let me see.").ToolCall("a", GatedTools.Echo, """{"text":"x"}""").Ends("tool_calls"))
                .Answers(answer => answer.Reasoning("Then.").Text("Now yours: 世界 🌊").ToolCall("b", "get_weather", "{}").Ends("tool_calls"));
        }

        var streamed = (await _server.StreamAsync(CompletionsServer.Body($$""","stream":true,"tools":[{{Weather}},"Echo"]"""))).Message();
        var buffered = (await _server.CompleteAsync(CompletionsServer.Body($$""","tools":[{{Weather}},"Echo"]"""))).GetProperty("choices")[0].GetProperty("message");

        Assert.Equal("Let me see.\n\nNow yours: 世界 🌊", buffered.GetProperty("content").GetString());
        Assert.Equal("First.\n\nThen.", buffered.GetProperty("reasoning_content").GetString());
        streamed["refusal"] = null;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(buffered.GetRawText()), streamed), $"{buffered}\n{streamed}");
    }

    [Fact]
    public async Task Whole_number_that_is_written_as_a_fraction_reaches_the_provider_as_a_whole_number()
    {
        Upstream.Says("Yes.");

        await _server.CompleteAsync("""{"model":"openai:scripted","seed":7.0,"logprobs":true,"top_logprobs":2.0,"max_tokens":50.0,"messages":[{"role":"user","content":"a"}]}""");

        var sent = Upstream.Requests[0].Body;
        Assert.Equal(("7", "2"), (sent.GetProperty("seed").GetRawText(), sent.GetProperty("top_logprobs").GetRawText()));
    }

    [Fact]
    public async Task Messages_that_servers_and_older_clients_send_are_accepted()
    {
        Upstream.Says("Yes.");
        const string Messages = """
            [{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":"data:image/png;base64,AA=="}],"id":"m1","createdAt":5},
            {"role":"assistant","content":null,"refusal":"I can't."},{"role":"user","content":"b"},
            {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"3"},
            {"role":"assistant","content":"c","tool_calls":[],"reasoning_details":[],"anything":{"x":1}},{"role":"user","content":"d","tool_calls":[]},
            {"role":"assistant","content":"Once upon"}]
            """;

        await _server.CompleteAsync($$"""{"model":"openai:scripted","messages":{{Messages}}}""");

        var sent = Upstream.Requests[0].BodyText;
        Assert.Contains("""{"url":"data:image/png;base64,AA=="}""", sent, StringComparison.Ordinal);
        Assert.Contains("\"tool_call_id\":\"call_function_3\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("createdAt", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("anything", sent, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Upstream.Requests[0].Body.GetProperty("messages").EnumerateArray(),
            message => message.GetProperty("role").ValueEquals("user") && message.TryGetProperty("tool_calls", out _));
    }

    private async Task<(JsonObject Message, string? FinishReason, JsonElement Usage)> AnswerAsync(string body)
    {
        if (body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            var streamed = await _server.StreamAsync(body);
            return (streamed.Message(), streamed.FinishReason, streamed.Usage!.Value);
        }

        var completion = await _server.CompleteAsync(body);
        var choice = completion.GetProperty("choices")[0];
        return (
            JsonNode.Parse(choice.GetProperty("message").GetRawText())!.AsObject(), choice.GetProperty("finish_reason").GetString(), completion.GetProperty("usage"));
    }
}
