using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine;
using FuncChat.Web.Formats.Responses;

namespace FuncChat.Tests.Web.Responses;

/// <summary>Tools of clients that are in a namespace, or whose input is text, in `POST /api/v1/responses`.</summary>
public sealed class ResponseClientToolTests : IAsyncLifetime
{
    private const string Patch = "*** Begin \"Patch\"\n+ä\n";

    private const string Tools = """
        [{"type":"namespace","name":"crm","description":"Customers","tools":[
        {"type":"function","name":"find","description":"Finds one","parameters":{"type":"object","properties":{"id":{"type":"string"}}},"defer_loading":true},
        {"type":"custom","name":"note"}]},
        {"type":"function","name":"find","parameters":{"type":"object","properties":{}}},
        {"type":"custom","name":"apply_patch","description":"Edits files.","format":{"type":"grammar","syntax":"lark","definition":"start: \"x\""}}]
        """;

    private ResponsesServer _server = null!;

    public async Task InitializeAsync() => _server = await ResponsesServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Model_sees_functions_with_names_of_their_own()
    {
        _server.Upstream.Says("Hello.");

        var response = await _server.CreateAsync(ResponsesServer.Body($$""","tools":{{Tools}},"tool_choice":{"type":"custom","name":"apply_patch"}"""));

        var sent = _server.Upstream.Requests.Single().Body;
        var functions = sent.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function")).ToList();
        Assert.Equal(["crm-find", "crm-note", "find", "apply_patch"], functions.Select(function => Text(function, "name")));
        Assert.Equal("input", functions[3].GetProperty("parameters").GetProperty("required")[0].GetString());
        Assert.Equal("Edits files.\n\nThe input must match this grammar (lark):\nstart: \"x\"", Text(functions[3], "description"));
        Assert.Equal("apply_patch", Text(sent.GetProperty("tool_choice").GetProperty("function"), "name"));
        Assert.Equal(["namespace", "function", "custom"], response.GetProperty("tools").EnumerateArray().Select(tool => Text(tool, "type")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_have_the_names_and_types_of_the_request(bool stream)
    {
        _server.Upstream.Calls(("crm-find", """{"id":"1"}"""), ("find", "{}"), ("apply_patch", Input(Patch)), ("crm-note", "no JSON")).Says("Done.");
        var body = ResponsesServer.Body($$""","tools":{{Tools}}{{(stream ? ",\"stream\":true" : "")}}""");

        var streamed = stream ? (await _server.StreamAsync(body)).Accumulate() : null;
        var response = streamed?.Final ?? await _server.CreateAsync(body);
        var output = response.GetProperty("output").EnumerateArray().ToList();
        var stored = await _server.GetAsync(Text(response, "id")!);

        Assert.Equal(
            [("function_call", "crm", "find"), ("function_call", null, "find"), ("custom_tool_call", null, "apply_patch"), ("custom_tool_call", "crm", "note")],
            output.Select(item => (Text(item, "type"), TextOrNull(item, "namespace"), Text(item, "name"))));
        Assert.Equal([Patch, "no JSON"], output.Skip(2).Select(item => Text(item, "input")));
        Assert.Equal(response.GetProperty("output").GetRawText(), stored.GetProperty("output").GetRawText());
        if (streamed is null)
            return;
        Assert.All(output.Zip(streamed.Items), pair => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(pair.First.GetRawText()), pair.Second)));
        Assert.Equal([Patch, "no JSON"], streamed.Of("response.custom_tool_call_input.done").Select(each => Text(each, "input")));
    }

    [Theory]
    [InlineData("items")]
    [InlineData("references")]
    [InlineData("previous")]
    public async Task Results_come_with_the_next_request(string history)
    {
        _server.Upstream.Calls(("crm-find", """{"id":"1"}"""), ("apply_patch", Input(Patch))).Says("Done.");
        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":{{Tools}}"""));
        var calls = first.GetProperty("output").EnumerateArray().ToList();
        var before = history switch
        {
            "items" => $$"""{"role":"user","content":"Hello"},{{calls[0].GetRawText()}},{{calls[1].GetRawText()}},""",
            "references" => $$"""{"role":"user","content":"Hello"},{"type":"item_reference","id":"{{Text(calls[0], "id")}}"},{"type":"item_reference","id":"{{Text(calls[1], "id")}}"},""",
            _ => "",
        };

        var second = await _server.CreateAsync($$"""
            {"model":"openai:scripted","tools":{{Tools}},{{(history == "previous" ? $"\"previous_response_id\":\"{Text(first, "id")}\"," : "")}}"input":[{{before}}
            {"type":"function_call_output","call_id":"{{Text(calls[0], "call_id")}}","output":"Ada"},
            {"type":"custom_tool_call_output","call_id":"{{Text(calls[1], "call_id")}}","output":"patched"}]}
            """);
        var items = JsonElement.Parse(await _server.Http.GetStringAsync($"{ResponsesServer.Path}/{Text(second, "id")}/input_items?order=asc")).GetProperty("data").EnumerateArray().ToList();

        var messages = _server.Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().ToList();
        var sent = messages[1].GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("function")).ToList();
        Assert.Equal(["crm-find", "apply_patch"], sent.Select(function => Text(function, "name")));
        Assert.Equal(Patch, Text(JsonElement.Parse(Text(sent[1], "arguments")!), "input"));
        Assert.Equal(["Ada", "patched"], messages.Skip(2).Select(message => Text(message, "content")));
        Assert.Equal(["message", "function_call", "custom_tool_call", "function_call_output", "custom_tool_call_output"], items.Select(item => Text(item, "type")));
        Assert.Equal(("crm", "find", Patch), (Text(items[1], "namespace"), Text(items[1], "name"), Text(items[2], "input")));
    }

    [Theory]
    [InlineData("previous_response_id")]
    [InlineData("conversation")]
    public async Task Input_that_the_model_wrote_without_its_argument_goes_back_to_it(string field)
    {
        _server.Upstream.Calls(("apply_patch", "no \"JSON\"")).Says("Done.");
        var conversation = field == "conversation" ? ",\"conversation\":\"conv_12345678\"" : "";
        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":{{Tools}}{{conversation}}"""));
        var continued = field == "conversation" ? conversation : $",\"previous_response_id\":\"{Text(first, "id")}\"";
        var call = first.GetProperty("output")[0];

        await _server.CreateAsync($$"""
            {"model":"openai:scripted","tools":{{Tools}}{{continued}},"input":[{"type":"custom_tool_call_output","call_id":"{{Text(call, "call_id")}}","output":"patched"}]}
            """);

        var sent = _server.Upstream.Requests[1].Body.GetProperty("messages")[1].GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal(("no \"JSON\"", "no \"JSON\""), (Text(call, "input"), Text(JsonElement.Parse(Text(sent, "arguments")!), "input")));
    }

    [Fact]
    public async Task Calls_of_responses_before_keep_their_names_and_types_without_the_tools()
    {
        _server.Upstream.Calls(("crm-find", """{"id":"1"}"""), ("apply_patch", Input(Patch))).Says("Done.").Says("Really.");
        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":{{Tools}}"""));
        var results = first.GetProperty("output").EnumerateArray().Select(call => $$"""{"type":"function_call_output","call_id":"{{Text(call, "call_id")}}","output":"x"}""");

        var second = await _server.CreateAsync($$"""{"model":"openai:scripted","previous_response_id":"{{Text(first, "id")}}","input":[{{string.Join(',', results)}}]}""");
        var third = await _server.CreateAsync($$"""{"model":"openai:scripted","previous_response_id":"{{Text(second, "id")}}","input":"Sure?"}""");

        foreach (var response in (JsonElement[])[second, third])
        {
            var items = JsonElement.Parse(await _server.Http.GetStringAsync($"{ResponsesServer.Path}/{Text(response, "id")}/input_items?order=asc")).GetProperty("data").EnumerateArray().ToList();
            Assert.Equal(["message", "function_call", "custom_tool_call", "function_call_output", "custom_tool_call_output"], items.Take(5).Select(item => Text(item, "type")));
            Assert.Equal(("crm", "find", Patch), (Text(items[1], "namespace"), Text(items[1], "name"), Text(items[2], "input")));
        }
    }

    [Fact]
    public async Task Calls_of_responses_before_keep_their_names_and_types_over_two_changes_of_the_tools()
    {
        _server.Upstream.Calls(("crm-find", """{"id":"1"}"""), ("apply_patch", Input(Patch))).Calls(("run", Input("ls"))).Says("Really.").Says("Yes.");
        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":{{Tools}}"""));
        var results = first.GetProperty("output").EnumerateArray().Select(call => $$"""{"type":"function_call_output","call_id":"{{Text(call, "call_id")}}","output":"x"}""");

        var second = await _server.CreateAsync($$"""{"model":"openai:scripted","previous_response_id":"{{Text(first, "id")}}","tools":[{"type":"custom","name":"run"}],"input":[{{string.Join(',', results)}}]}""");
        var third = await _server.CreateAsync($$"""
            {"model":"openai:scripted","previous_response_id":"{{Text(second, "id")}}","tools":[{"type":"function","name":"other"}],
             "input":[{"type":"custom_tool_call_output","call_id":"{{Text(second.GetProperty("output")[0], "call_id")}}","output":"y"}]}
            """);
        var fourth = await _server.CreateAsync($$"""{"model":"openai:scripted","previous_response_id":"{{Text(third, "id")}}","input":"Sure?"}""");

        var items = JsonElement.Parse(await _server.Http.GetStringAsync($"{ResponsesServer.Path}/{Text(fourth, "id")}/input_items?order=asc")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(
            ["message", "function_call", "custom_tool_call", "function_call_output", "custom_tool_call_output", "custom_tool_call", "custom_tool_call_output", "message", "message"],
            items.Select(item => Text(item, "type")));
        Assert.Equal(("crm", "find", Patch, "ls"), (Text(items[1], "namespace"), Text(items[1], "name"), Text(items[2], "input"), Text(items[5], "input")));
    }

    [Theory]
    [InlineData("custom", "function", "custom_tool_call", "function_call")]
    [InlineData("function", "custom", "function_call", "custom_tool_call")]
    public async Task Calls_keep_their_type_when_a_later_response_has_a_tool_of_the_same_name_and_another_type(string before, string after, string callBefore, string callAfter)
    {
        _server.Upstream.Calls(("run", Input("ls"))).Calls(("run", Input("pwd"))).Says("Done.").Says("Really.").Says("Yes.");
        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":[{"type":"{{before}}","name":"run"}]"""));
        var second = await ContinueAsync(first, after, OutputOf(first));
        var third = await ContinueAsync(second, before, OutputOf(second));
        var fourth = await ContinueAsync(third, after, """{"role":"user","content":"Sure?"}""");
        var fifth = await ContinueAsync(fourth, "function", """{"role":"user","content":"Again?"}""");

        Assert.Equal(["message", callBefore, $"{callBefore}_output"], await ItemTypesAsync(second));
        foreach (var response in (JsonElement[])[third, fourth, fifth])
            Assert.Equal(["message", callBefore, $"{callBefore}_output", callAfter, $"{callAfter}_output"], (await ItemTypesAsync(response)).Take(5));

        static string OutputOf(JsonElement response) =>
            $$"""{"type":"{{Text(response.GetProperty("output")[0], "type")}}_output","call_id":"{{Text(response.GetProperty("output")[0], "call_id")}}","output":"x"}""";

        Task<JsonElement> ContinueAsync(JsonElement response, string type, string item) => _server.CreateAsync(
            $$"""{"model":"openai:scripted","previous_response_id":"{{Text(response, "id")}}","tools":[{"type":"{{type}}","name":"run"}],"input":[{{item}}]}""");

        async Task<List<string?>> ItemTypesAsync(JsonElement response) =>
            [.. JsonElement.Parse(await _server.Http.GetStringAsync($"{ResponsesServer.Path}/{Text(response, "id")}/input_items?order=asc")).GetProperty("data").EnumerateArray().Select(item => Text(item, "type"))];
    }

    [Theory]
    [InlineData("crm-find", """[{"type":"namespace","name":"crm","tools":[{"type":"function","name":"find"}]}]""")]
    [InlineData("find", null)]
    public void Only_tools_that_were_called_are_kept_for_the_responses_after(string called, string? expected)
    {
        var messages = new[] { """{"role":"user","content":"tool_calls"}""", $$$"""{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"{{{called}}}"}},null]}""" };

        var kept = new ClientToolNames(RawJsonOf(Tools)).ToolsCalledIn([.. messages.Select(RawJsonOf)], new ClientToolNames(RawJsonOf("[]")));

        Assert.Equal(expected, kept is { } tools ? Encoding.UTF8.GetString(tools.Utf8.Span) : null);
    }

    [Fact]
    public async Task Input_of_a_custom_tool_that_is_called_without_arguments_is_empty()
    {
        _server.Upstream.Calls(("apply_patch", "")).Calls(("apply_patch", "{ }"));

        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":{{Tools}}"""));
        var second = await _server.CreateAsync(ResponsesServer.Body($$""","tools":{{Tools}}"""));

        Assert.Equal(("", ""), (Text(first.GetProperty("output")[0], "input"), Text(second.GetProperty("output")[0], "input")));
    }

    [Theory]
    [InlineData("""{"type":"namespace","tools":[]}""", "tools[0].name")]
    [InlineData("""{"type":"namespace","name":"crm"}""", "tools[0].tools")]
    [InlineData("""{"type":"namespace","name":"crm","tools":[1]}""", "tools[0].tools[0].type")]
    [InlineData("""{"type":"namespace","name":"crm","tools":[{"type":"namespace","name":"in","tools":[]}]}""", "tools[0].tools[0].type")]
    [InlineData("""{"type":"namespace","name":"crm","tools":[{"type":"function","name":"a b"}]}""", "tools[0].tools[0].name")]
    [InlineData("""{"type":"namespace","name":"crm","tools":[{"type":"function","name":"a"},{"type":"custom","name":"a"}]}""", "tools[0].tools[1]")]
    [InlineData("""{"type":"custom"}""", "tools[0].name")]
    [InlineData("""{"type":"custom","name":"a","format":{"type":"xml"}}""", "tools[0].format.type")]
    [InlineData("""{"type":"custom","name":"a","format":"text"}""", "tools[0].format")]
    [InlineData("""{"type":"local_shell"}""", "tools[0].type")]
    public async Task Definition_that_is_wrong_is_refused_by_its_place(string tool, string place)
    {
        using var refused = await _server.PostAsync(ResponsesServer.Body($$""","tools":[{{tool}}]"""));

        var error = JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal((400, place), ((int)refused.StatusCode, Text(error, "param")));
    }

    [Fact]
    public async Task Long_names_are_shortened_for_the_model_and_come_back_whole()
    {
        var (space, name) = (new string('s', 60), new string('n', 64));
        _server.Upstream.Answers(answer => answer.ToolCall("call_a", $"{space[..55]}_{Hash($"{space}-{name}")}", "{}").Ends("tool_calls"));

        var response = await _server.CreateAsync(ResponsesServer.Body($$""","tools":[{"type":"namespace","name":"{{space}}","tools":[{"type":"function","name":"{{name}}"}]}]"""));

        var call = response.GetProperty("output")[0];
        Assert.Equal((space, name), (Text(call, "namespace"), Text(call, "name")));
    }

    private static string Hash(string name) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))[..8];

    private static RawJson RawJsonOf(string json) => new(Encoding.UTF8.GetBytes(json));

    private static string Input(string text) => new JsonObject { ["input"] = text }.ToJsonString();

    private static string? TextOrNull(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();
}
