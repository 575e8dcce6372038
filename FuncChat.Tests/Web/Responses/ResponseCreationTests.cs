using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Responses;

/// <summary>`POST /api/v1/responses`, over HTTP.</summary>
public sealed class ResponseCreationTests : IAsyncLifetime
{
    private ResponsesServer _server = null!;

    public async Task InitializeAsync() => _server = await ResponsesServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Response_has_the_text_the_usage_and_the_fields_of_the_request()
    {
        _server.Upstream.Says("So ", "it is.");

        var response = await _server.CreateAsync(ResponsesServer.Body(
            ""","instructions":"Be brief.","metadata":{"a":"b"},"temperature":0.5,"max_output_tokens":100,"user":"u","reasoning":{"effort":"low"},"text":{"verbosity":"low"}"""));

        Assert.StartsWith("resp_", Text(response, "id"), StringComparison.Ordinal);
        Assert.Equal(("response", "completed", "openai:scripted"), (Text(response, "object"), Text(response, "status"), Text(response, "model")));
        var message = response.GetProperty("output").EnumerateArray().Single();
        Assert.Equal(("message", "assistant", "completed"), (Text(message, "type"), Text(message, "role"), Text(message, "status")));
        Assert.Equal(
            """[{"type":"output_text","text":"So it is.","annotations":[],"logprobs":[]}]""",
            JsonSerializer.Serialize(message.GetProperty("content").EnumerateArray().Select(part => new { type = Text(part, "type"), text = Text(part, "text"), annotations = part.GetProperty("annotations"), logprobs = part.GetProperty("logprobs") })));
        Assert.Equal(
            """{"input_tokens":10,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":15}""",
            response.GetProperty("usage").GetRawText());
        Assert.Equal(
            ("Be brief.", """{"a":"b"}""", 0.5, 100, "u"),
            (Text(response, "instructions"), response.GetProperty("metadata").GetRawText(), response.GetProperty("temperature").GetDouble(),
                response.GetProperty("max_output_tokens").GetInt32(), Text(response, "user")));
        Assert.InRange(response.GetProperty("completed_at").GetInt64(), response.GetProperty("created_at").GetInt64(), long.MaxValue);
        Assert.All(["error", "incomplete_details", "previous_response_id"], field => Assert.Equal(JsonValueKind.Null, response.GetProperty(field).ValueKind));
        var sent = _server.Upstream.Requests.Single().Body;
        Assert.Equal(["system", "user"], sent.GetProperty("messages").EnumerateArray().Select(each => Text(each, "role")));
        Assert.Equal(("low", "low", 0.5), (Text(sent, "reasoning_effort"), Text(sent, "verbosity"), sent.GetProperty("temperature").GetDouble()));
    }

    [Fact]
    public async Task Stream_has_the_events_in_the_order_that_clients_require()
    {
        _server.Upstream.Answers(answer => answer.Reasoning("Let me ", "think.").Text("4", "2").Ends());

        var streamed = await _server.StreamAsync(ResponsesServer.Body(""","stream":true"""));

        Assert.Equal(
            [
                "response.created", "response.in_progress",
                "response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
                "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done",
                "response.output_item.added", "response.content_part.added", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done",
                "response.completed",
            ],
            streamed.Types.Where((type, place) => place == 0 || type != streamed.Types.ElementAt(place - 1))); // pieces that arrive together are one
        Assert.Equal("in_progress", Text(streamed.Events[0].GetProperty("response"), "status"));
        Assert.Equal(0, streamed.Events[0].GetProperty("response").GetProperty("output").GetArrayLength());
        Assert.Equal(streamed.Accumulate().Items.Select(item => item.ToJsonString()), Items(streamed.Final));
        Assert.Equal("Let me think.", Text(streamed.Final.GetProperty("output")[0].GetProperty("summary")[0], "text"));
    }

    [Fact]
    public async Task Search_of_the_server_is_a_web_search_call_and_its_sources_are_annotations()
    {
        await using var web = await ScriptedWebServer.StartAsync();
        web.On("/search", """{"results":[{"url":"https://one.test/","title":"One","content":"A"},{"url":"https://two.test/","title":"Two","content":"B"}]}""", "application/json");
        await using var server = await ResponsesServer.StartAsync(("SEARXNG_URL", web.Url.AbsoluteUri), ("FuncChat:Web:AllowedPrivateHosts", web.Url.Authority));
        server.Upstream.Calls(("search_web", """{"query":"tides"}""")).Says("So says", " [2].");

        var streamed = (await server.StreamAsync(ResponsesServer.Body(""","stream":true,"tools":[{"type":"web_search"}]"""))).Accumulate();

        var search = streamed.Final.GetProperty("output")[0];
        Assert.Equal(("web_search_call", "completed"), (Text(search, "type"), Text(search, "status")));
        Assert.Equal(
            """{"type":"search","query":"tides","sources":[{"type":"url","url":"https://one.test/"},{"type":"url","url":"https://two.test/"}]}""",
            search.GetProperty("action").GetRawText());
        Assert.Equal(
            ["response.web_search_call.in_progress", "response.web_search_call.searching", "response.web_search_call.completed"],
            streamed.Types.Where(type => type.Contains("web_search", StringComparison.Ordinal)));
        var annotation = streamed.Of("response.output_text.annotation.added").Single().GetProperty("annotation");
        Assert.Equal((8, 11, "https://two.test/", "Two", "url_citation"), (annotation.GetProperty("start_index").GetInt32(), annotation.GetProperty("end_index").GetInt32(), Text(annotation, "url"), Text(annotation, "title"), Text(annotation, "type")));
        Assert.Equal(annotation.GetRawText(), streamed.Final.GetProperty("output")[1].GetProperty("content")[0].GetProperty("annotations")[0].GetRawText());
    }

    [Fact]
    public async Task Previous_response_gives_its_conversation_but_not_its_instructions()
    {
        _server.Upstream.Says("Hi Bo.").Says("Bo.").Says("Still Bo.");
        var first = await _server.CreateAsync("""{"model":"openai:scripted","instructions":"Be brief.","input":"I am Bo."}""");
        var second = await _server.CreateAsync($$"""{"previous_response_id":"{{Text(first, "id")}}","instructions":"Be long.","input":"Who am I?"}""");

        var third = await _server.CreateAsync($$"""{"previous_response_id":"{{Text(second, "id")}}","input":"And now?"}""");

        Assert.Equal(Text(second, "id"), Text(third, "previous_response_id"));
        Assert.Equal("openai:scripted", Text(third, "model"));
        Assert.Equal(["Be long.", "I am Bo.", "Hi Bo.", "Who am I?"], Contents(1));
        Assert.Equal(["I am Bo.", "Hi Bo.", "Who am I?", "Bo.", "And now?"], Contents(2));

        IEnumerable<string?> Contents(int call) =>
            _server.Upstream.Requests[call].Body.GetProperty("messages").EnumerateArray().Select(message => Text(message, "content"));
    }

    [Fact]
    public async Task Schema_of_the_text_reaches_the_provider_as_a_response_format()
    {
        _server.Upstream.Says("""{"a":1}""");

        await _server.CreateAsync(ResponsesServer.Body(""","text":{"format":{"type":"json_schema","name":"thing","strict":true,"schema":{"type":"object"}}}"""));

        Assert.Equal(
            """{"type":"json_schema","json_schema":{"name":"thing","strict":true,"schema":{"type":"object"}}}""",
            _server.Upstream.Requests.Single().Body.GetProperty("response_format").GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_that_is_cut_by_its_length_is_incomplete(bool stream)
    {
        _server.Upstream.Answers(answer => answer.Text("Too lo").Ends("length"));
        var body = ResponsesServer.Body(stream ? ",\"stream\":true" : "");

        var response = stream ? (await _server.StreamAsync(body)).Final : await _server.CreateAsync(body);

        Assert.Equal(("incomplete", """{"reason":"max_output_tokens"}"""), (Text(response, "status"), response.GetProperty("incomplete_details").GetRawText()));
        var message = response.GetProperty("output")[0];
        Assert.Equal(("Too lo", "incomplete"), (Text(message.GetProperty("content")[0], "text"), Text(message, "status")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Error_before_the_first_token_is_the_response_with_its_status(bool stream)
    {
        _server.Upstream.Answers(answer => answer.Respond(400, """{"error":{"message":"Too long.","code":"context_length_exceeded"}}"""));

        using var response = await _server.PostAsync(ResponsesServer.Body(stream ? ",\"stream\":true" : ""));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal(("context_length_exceeded", "invalid_request_error"), (Text(error, "code"), Text(error, "type")));
    }

    [Fact]
    public async Task Error_after_the_first_token_fails_the_response()
    {
        _server.Upstream.Answers(answer => answer.Text("Half").Event("""{"error":{"message":"Overloaded."}}"""));

        var streamed = await _server.StreamAsync(ResponsesServer.Body(""","stream":true"""));

        Assert.Equal("response.failed", streamed.Types.Last());
        Assert.Equal("failed", Text(streamed.Final, "status"));
        Assert.NotEqual("", Text(streamed.Final.GetProperty("error"), "message"));
        Assert.All(["usage", "completed_at"], field => Assert.Equal(JsonValueKind.Null, streamed.Final.GetProperty(field).ValueKind));
        Assert.Equal(("Half", "incomplete"), (streamed.Accumulate().Items[0]["content"]![0]!["text"]!.ToString(), streamed.Items[0]["status"]!.ToString()));
    }

    [Theory]
    [InlineData("""{"model":"openai:scripted"}""", "input", null)]
    [InlineData("""{"model":"openai:scripted","input":5}""", "input", null)]
    [InlineData("""{"model":"openai:scripted","input":[]}""", "input", null)]
    [InlineData("""{"model":"openai:scripted","input":[{"type":"dance"}]}""", "input[0].type", null)]
    [InlineData("""{"model":"openai:scripted","input":[{"role":"king","content":"x"}]}""", "input[0].role", null)]
    [InlineData("""{"model":"openai:scripted","input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]}""", "input[0].content[0].file_id", null)]
    [InlineData("""{"model":"openai:scripted","input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","file_id":"file_0123456789abcdef0123456789abcdef"}]}]}""", "input[0].content[1].file_id", null)]
    [InlineData("""{"model":"openai:scripted","instructions":"x","input":[{"role":"user","content":[{"type":"input_file","file_id":"file_0123456789abcdef0123456789abcdef"}]}]}""", "input[0].content[0].file_id", null)]
    [InlineData("""{"model":"openai:scripted","input":[{"role":"user","content":"x"},{"type":"function_call_output","call_id":"no","output":"x"}]}""", "input[1]", null)]
    [InlineData("""{"model":"nothing","input":"x"}""", "model", "model_not_found")]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"code_interpreter"}]}""", "tools[0].type", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"x","server_url":"http://10.0.0.1"}]}""", "tools[0].server_url", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"funcchat","connector_id":"connector_gmail"}]}""", "tools[0].connector_id", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"funcchat","connector_id":5}]}""", "tools[0].connector_id", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"funcchat","connector_id":"funcchat","server_url":"https://example.com"}]}""", "tools[0].server_url", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"none"}]}""", "tools[0].server_label", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"funcchat","require_approval":{"always":{"read_only":true}}}]}""", "tools[0].require_approval", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"funcchat","require_approval":{"Always":{"tool_names":["execute_javascript"]}}}]}""", "tools[0].require_approval", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"funcchat","require_approval":{"always":{"tool_names":["Execute_JavaScript"]}}}]}""", "tools[0].require_approval.always", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"funcchat","require_approval":{"always":{"read_only":true,"tool_names":["execute_javascript"]}}}]}""", "tools[0].require_approval", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tools":[{"type":"mcp","server_label":"funcchat","allowed_tools":{"read_only":true}}]}""", "tools[0].allowed_tools", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","prompt":{"id":"p"}}""", "prompt", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","background":true,"store":false}""", "store", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tool_choice":{"type":"dance"}}""", "tool_choice", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tool_choice":{"type":"allowed_tools","tools":[]}}""", "tool_choice.mode", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"x"}]}}""", "tool_choice.tools[0].name", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"mcp","server_label":"x"}]}}""", "tool_choice.tools[0].server_label", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","tool_choice":{"type":"allowed_tools","mode":"auto","tools":["x"]}}""", "tool_choice.tools[0]", null)]
    [InlineData("""{"model":"openai:scripted","input":"x","previous_response_id":"resp_none00000"}""", "previous_response_id", "previous_response_not_found")]
    [InlineData("""{"model":"openai:scripted","input":"x","previous_response_id":"../etc"}""", "previous_response_id", "previous_response_not_found")]
    public async Task Request_that_is_not_valid_is_refused_with_the_field(string body, string param, string? code)
    {
        using var response = await _server.PostAsync(body);

        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal((param, code), (Text(error, "param"), Text(error, "code")));
        Assert.True((int)response.StatusCode is 400 or 404);
        Assert.Empty(_server.Upstream.Requests);
    }

    private static IEnumerable<string> Items(JsonElement response) => response.GetProperty("output").EnumerateArray().Select(item => item.GetRawText());

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
