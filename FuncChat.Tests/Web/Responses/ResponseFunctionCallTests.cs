using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Web.Responses;

/// <summary>Calls of tools in `POST /api/v1/responses`, over HTTP.</summary>
public sealed class ResponseFunctionCallTests : IAsyncLifetime
{
    private const string Weather =
        """{"type":"function","name":"get_weather","description":"Weather","strict":true,"parameters":{"type":"object","properties":{"city":{"type":"string"}}}}""";

    private ResponsesServer _server = null!;

    public async Task InitializeAsync() => _server = await ResponsesServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Function_call_ends_the_response_and_its_output_comes_with_the_next_one(bool stream)
    {
        _server.Upstream.Answers(answer => answer.Text("Let me look.").ToolCall("call_a", "get_weather", """{"city":"Bern"}""").Ends("tool_calls")).Says("Sunny.");
        var body = ResponsesServer.Body($$""","tools":[{{Weather}}],"tool_choice":{"type":"function","name":"get_weather"}{{(stream ? ",\"stream\":true" : "")}}""");

        var first = stream ? (await _server.StreamAsync(body)).Accumulate().Final : await _server.CreateAsync(body);
        var output = first.GetProperty("output").EnumerateArray().ToList();
        var second = await _server.CreateAsync($$"""
            {"model":"openai:scripted","input":[{"role":"user","content":"Weather?"},{{output[0].GetRawText()}},{{output[1].GetRawText()}},
            {"type":"function_call_output","call_id":"call_a","output":"sunny"}]}
            """);

        Assert.Equal(["message", "function_call"], output.Select(item => Text(item, "type")));
        Assert.Equal(
            ("call_a", "get_weather", """{"city":"Bern"}""", "completed"),
            (Text(output[1], "call_id"), Text(output[1], "name"), Text(output[1], "arguments"), Text(output[1], "status")));
        Assert.Equal("Sunny.", Text(second.GetProperty("output")[0].GetProperty("content")[0], "text"));
        Assert.Equal("get_weather", Text(_server.Upstream.Requests[0].Body.GetProperty("tool_choice").GetProperty("function"), "name"));
        var messages = _server.Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool"], messages.Select(message => Text(message, "role")));
        Assert.Equal("call_a", Text(messages[1].GetProperty("tool_calls")[0], "id"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refusal_is_a_part_of_its_own(bool stream)
    {
        _server.Upstream.Answers(answer => answer.Text("Well.").Delta(new { refusal = "I " }).Delta(new { refusal = "can't." }).Ends());
        var body = ResponsesServer.Body(stream ? ""","stream":true""" : "");

        var streamed = stream ? (await _server.StreamAsync(body)).Accumulate() : null;
        var output = (streamed?.Final ?? await _server.CreateAsync(body)).GetProperty("output").EnumerateArray().ToList();

        Assert.Equal(
            [("output_text", "Well."), ("refusal", "I can't.")],
            output.Select(item => item.GetProperty("content")[0]).Select(part => (Text(part, "type")!, Text(part, part.TryGetProperty("refusal", out _) ? "refusal" : "text")!)));
        if (streamed is null)
            return;
        Assert.All(output.Zip(streamed.Items), pair => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(pair.First.GetRawText()), pair.Second)));
        Assert.Equal("I can't.", string.Concat(streamed.Of("response.refusal.delta").Select(each => Text(each, "delta"))));
        Assert.Equal("I can't.", Text(streamed.Of("response.refusal.done").Single(), "refusal"));
    }

    [Fact]
    public async Task Response_that_a_filter_cut_can_be_continued()
    {
        _server.Upstream.Answers(answer => answer.Text("Half").Ends("content_filter")).Says("More.");
        var first = await _server.CreateAsync(ResponsesServer.Body());

        await _server.CreateAsync($$"""{"model":"openai:scripted","previous_response_id":"{{Text(first, "id")}}","input":"And then?"}""");

        Assert.Equal("incomplete", Text(first, "status"));
        Assert.Equal(["Hello", "Half", "And then?"], _server.Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().Select(message => Text(message, "content")));
    }

    [Fact]
    public async Task Several_function_calls_of_one_message_are_one_message_of_the_model_again()
    {
        _server.Upstream.Calls(("get_weather", """{"city":"Bern"}"""), ("get_weather", """{"city":"Rome"}""")).Says("Both sunny.");
        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":[{{Weather}}]"""));
        var calls = first.GetProperty("output").EnumerateArray().ToList();

        await _server.CreateAsync($$"""
            {"model":"openai:scripted","previous_response_id":"{{Text(first, "id")}}","tools":[{{Weather}}],"input":[
            {"type":"function_call_output","call_id":"{{Text(calls[0], "call_id")}}","output":[{"type":"input_text","text":"sunny"}]},
            {"type":"function_call_output","call_id":"{{Text(calls[1], "call_id")}}","output":"sunny"}]}
            """);

        var messages = _server.Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool", "tool"], messages.Select(message => Text(message, "role")));
        Assert.Equal(2, messages[1].GetProperty("tool_calls").GetArrayLength());
    }

    [Fact]
    public async Task Image_in_the_output_of_a_function_reaches_the_model()
    {
        _server.Upstream.Says("Sunny.");
        const string Image = "data:image/png;base64,iVBORw0KGgo=";

        await _server.CreateAsync($$"""
            {"model":"openai:scripted","tools":[{{Weather}}],"input":[{"role":"user","content":"Weather?"},
            {"type":"function_call","call_id":"call_a","name":"get_weather","arguments":"{}"},
            {"type":"function_call_output","call_id":"call_a","output":[{"type":"input_text","text":"See the map."},{"type":"input_image","image_url":"{{Image}}"}]}]}
            """);

        var messages = _server.Upstream.Requests.Single().Body.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool", "user"], messages.Select(message => Text(message, "role")));
        Assert.StartsWith("See the map.", Text(messages[2], "content"), StringComparison.Ordinal);
        Assert.Equal(Image, Text(messages[3].GetProperty("content")[1].GetProperty("image_url"), "url"));
    }

    [Fact]
    public async Task Text_after_a_function_call_is_of_the_same_message_as_the_call()
    {
        _server.Upstream.Says("Sunny.");

        await _server.CreateAsync($$"""
            {"model":"openai:scripted","tools":[{{Weather}}],"input":[{"role":"user","content":"Weather?"},
            {"type":"function_call","call_id":"call_a","name":"get_weather","arguments":"{}"},
            {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look.","annotations":[]}]},
            {"type":"function_call_output","call_id":"call_a","output":"sunny"}]}
            """);

        var messages = _server.Upstream.Requests.Single().Body.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool"], messages.Select(message => Text(message, "role")));
        Assert.Contains("I look.", messages[1].GetProperty("content").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("call_a", Text(messages[1].GetProperty("tool_calls")[0], "id"));
    }

    [Fact]
    public async Task Call_without_an_output_is_refused_in_the_words_of_the_api()
    {
        using var refused = await _server.PostAsync("""
            {"model":"openai:scripted","input":[{"role":"user","content":"Weather?"},{"type":"function_call","call_id":"call_a","name":"get_weather","arguments":"{}"}]}
            """);

        var error = JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal(("input[1]: The tool call 'call_a' has no function_call_output that answers it.", "input[1]"), (Text(error, "message"), Text(error, "param")));
    }

    [Fact]
    public async Task Output_without_parts_is_an_empty_text()
    {
        _server.Upstream.Says("Done.");

        await _server.CreateAsync($$"""
            {"model":"openai:scripted","tools":[{{Weather}}],"input":[{"role":"user","content":"Weather?"},
            {"type":"function_call","call_id":"call_a","name":"get_weather","arguments":"{}"},{"type":"function_call_output","call_id":"call_a","output":[]}]}
            """);

        Assert.Equal("", Text(_server.Upstream.Requests.Single().Body.GetProperty("messages")[2], "content"));
    }

    [Theory]
    [InlineData("""{"type":"function","name":"get_weather"}""", "get_weather")]
    [InlineData("""{"type":"mcp","server_label":"funcchat","name":"Echo"}""", "Echo")]
    [InlineData("""{"type":"mcp","server_label":"funcchat"}""", "get_weather,Echo")]
    public async Task Allowed_tools_of_a_choice_reach_the_provider(string tool, string names)
    {
        _server.Upstream.Says("Sunny.");
        var choice = $$"""{"type":"allowed_tools","mode":"auto","tools":[{{tool}}]}""";

        var response = await _server.CreateAsync(ResponsesServer.Body($$""","tools":[{{Weather}},"Echo"],"tool_choice":{{choice}}"""));

        var sent = _server.Upstream.Requests.Single().Body.GetProperty("tool_choice").GetProperty("allowed_tools");
        Assert.Equal("auto", Text(sent, "mode"));
        Assert.Equal(names.Split(',').Order(), sent.GetProperty("tools").EnumerateArray().Select(each => Text(each.GetProperty("function"), "name")).Order());
        Assert.Equal(choice, response.GetProperty("tool_choice").GetRawText());
    }

    [Fact]
    public async Task Function_calls_have_numbers_and_ids_of_their_own_however_many_one_message_has()
    {
        _server.Upstream.Calls([.. Enumerable.Range(0, 100).Select(city => ("get_weather", $$"""{"city":"{{city}}"}"""))]);

        var streamed = (await _server.StreamAsync(ResponsesServer.Body($$""","stream":true,"tools":[{{Weather}}]"""))).Accumulate();
        var middle = streamed.Numbers.ElementAt(streamed.Events.Count / 2);
        var rest = await _server.FollowAsync(Text(streamed.Final, "id")!, middle);

        var calls = streamed.Final.GetProperty("output").EnumerateArray().ToList();
        Assert.Equal(100, calls.DistinctBy(call => Text(call, "id")).Count());
        Assert.Equal(streamed.Items.Select(item => item["id"]!.ToString()), calls.Select(call => Text(call, "id")));
        Assert.Equal(streamed.Events.Select(each => each.GetRawText()), streamed.Until(middle).Events.Concat(rest.Events).Select(each => each.GetRawText()));
    }

    [Fact]
    public async Task Connector_that_repeats_the_label_is_accepted()
    {
        _server.Upstream.Calls(("Echo", """{"text":"ha"}""")).Says("Done.");

        var response = await _server.CreateAsync(ResponsesServer.Body(
            ""","tools":[{"type":"mcp","server_label":"funcchat","connector_id":"funcchat","allowed_tools":["Echo"]}]"""));

        Assert.Equal(["mcp_call", "message"], response.GetProperty("output").EnumerateArray().Select(item => Text(item, "type")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_of_the_server_runs_and_is_shown_as_a_call(bool stream)
    {
        _server.Upstream.Calls(("Echo", """{"text":"ha"}"""), ("Fails", "{}")).Says("Done.");
        var body = ResponsesServer.Body($$""","tools":[{"type":"mcp","server_label":"funcchat","allowed_tools":["Echo","Fails"],"require_approval":"never"}]{{(stream ? ",\"stream\":true" : "")}}""");

        var response = stream ? (await _server.StreamAsync(body)).Accumulate().Final : await _server.CreateAsync(body);

        var output = response.GetProperty("output").EnumerateArray().ToList();
        Assert.Equal(["mcp_call", "mcp_call", "message"], output.Select(item => Text(item, "type")));
        Assert.Equal(("funcchat", "Echo", """{"text":"ha"}""", "ha", "completed"), (Text(output[0], "server_label"), Text(output[0], "name"), Text(output[0], "arguments"), Text(output[0], "output"), Text(output[0], "status")));
        Assert.Equal(("failed", JsonValueKind.Null), (Text(output[1], "status"), output[1].GetProperty("output").ValueKind));
        Assert.Contains("is gone", output[1].GetProperty("error").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(20, response.GetProperty("usage").GetProperty("input_tokens").GetInt32());
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
