using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Web.Responses;

/// <summary>Items that `POST /api/v1/responses` names by their ids, over HTTP.</summary>
public sealed class ResponseItemTests : IAsyncLifetime
{
    private const string Weather =
        """{"type":"function","name":"get_weather","description":"Weather","strict":true,"parameters":{"type":"object","properties":{"city":{"type":"string"}}}}""";

    private ResponsesServer _server = null!;

    public async Task InitializeAsync() => _server = await ResponsesServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Item_that_is_named_twice_is_refused()
    {
        _server.Upstream.Says("A long answer.");
        var first = await _server.CreateAsync(ResponsesServer.Body());
        var reference = $$"""{"type":"item_reference","id":"{{Text(first.GetProperty("output")[0], "id")}}"}""";

        using var refused = await _server.PostAsync($$"""{"model":"openai:scripted","input":[{{reference}},{{reference}},{"role":"user","content":"More?"}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("input[1].id", Text(JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("error"), "param"));
        Assert.Single(_server.Upstream.Requests);
    }

    [Fact]
    public async Task Items_that_are_named_may_have_four_times_the_bytes_of_a_body()
    {
        await using var server = await ResponsesServer.StartAsync(("FuncChat:Requests:MaxBodyBytes", "1024"));
        server.Upstream.Says(new string('x', 2500)).Says(new string('y', 2500)).Says("Yes.");
        var references = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var response = await server.CreateAsync(ResponsesServer.Body());
            references.Add($$"""{"type":"item_reference","id":"{{Text(response.GetProperty("output")[0], "id")}}"}""");
        }

        var one = await server.CreateAsync($$"""{"model":"openai:scripted","input":[{{references[0]}},{"role":"user","content":"More?"}]}""");
        using var two = await server.PostAsync($$"""{"model":"openai:scripted","input":[{{references[0]}},{{references[1]}},{"role":"user","content":"More?"}]}""");

        Assert.Equal("completed", Text(one, "status"));
        Assert.Equal(HttpStatusCode.BadRequest, two.StatusCode);
        Assert.Contains("The items have more than 4096 bytes.", await two.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(3, server.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Items_of_earlier_responses_are_named_by_their_ids()
    {
        _server.Upstream.Answers(answer => answer.Reasoning("Hm.").Text("Let me look.").ToolCall("call_a", "get_weather", "{}").Ends("tool_calls")).Says("Sunny.");
        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":[{{Weather}}]"""));
        var references = string.Join(',', first.GetProperty("output").EnumerateArray().Select(item => $$"""{"type":"item_reference","id":"{{Text(item, "id")}}"}"""));

        await _server.CreateAsync($$"""
            {"model":"openai:scripted","input":[{"role":"user","content":"Weather?"},{{references}},{"type":"function_call_output","call_id":"call_a","output":"sunny"}]}
            """);
        using var unknown = await _server.PostAsync("""{"model":"openai:scripted","input":[{"type":"item_reference","id":"msg_resp_other000_128"}]}""");

        var messages = _server.Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool"], messages.Select(message => Text(message, "role")));
        Assert.Equal(("Let me look.", "call_a"), (Text(messages[1], "content") ?? "", Text(messages[1].GetProperty("tool_calls")[0], "id")));
        Assert.Equal("input[0].id", Text(JsonElement.Parse(await unknown.Content.ReadAsStringAsync()).GetProperty("error"), "param"));
    }

    [Fact]
    public async Task Call_that_a_client_returns_without_its_result_has_the_stored_one()
    {
        _server.Upstream.Answers(answer => answer.ToolCall("call_a", "execute_javascript", """{"code":"6*7"}""").Ends("tool_calls")).Says("42.").Says("Yes.");
        var first = await _server.CreateAsync(ResponsesServer.Body(""","tools":["execute_javascript"]"""));
        var call = JsonNode.Parse(first.GetProperty("output")[0].GetRawText())!.AsObject();
        call.Remove("output");
        var unknown = call.DeepClone();
        unknown["id"] = "mcp_resp_other000_640";

        await _server.CreateAsync($$"""{"model":"openai:scripted","input":[{"role":"user","content":"6*7?"},{{call.ToJsonString()}},{{unknown.ToJsonString()}},{"role":"user","content":"Sure?"}]}""");

        var results = _server.Upstream.Requests[^1].Body.GetProperty("messages").EnumerateArray().Where(message => Text(message, "role") == "tool").Select(message => Text(message, "content")).ToList();
        Assert.Contains("42", results[0], StringComparison.Ordinal);
        Assert.Equal("The call has no result.", results[1]);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
