using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Responses;

/// <summary>The cases of the Open Responses compliance suite, and the fields that its schema requires of every response.</summary>
public sealed class OpenResponsesTests : IAsyncLifetime
{
    private const string Weather =
        """"tools":[{"type":"function","name":"get_weather","description":"Returns the weather of a place","parameters":{"type":"object","properties":{"location":{"type":"string"}},"required":["location"]}}]"""";

    private const string Image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static readonly (string Name, JsonValueKind[] Kinds)[] Required =
    [
        ("id", [JsonValueKind.String]), ("object", [JsonValueKind.String]), ("created_at", [JsonValueKind.Number]),
        ("completed_at", [JsonValueKind.Null, JsonValueKind.Number]), ("status", [JsonValueKind.String]),
        ("incomplete_details", [JsonValueKind.Null, JsonValueKind.Object]), ("model", [JsonValueKind.String]),
        ("previous_response_id", [JsonValueKind.Null, JsonValueKind.String]), ("instructions", [JsonValueKind.Null, JsonValueKind.String]),
        ("output", [JsonValueKind.Array]), ("error", [JsonValueKind.Null, JsonValueKind.Object]), ("tools", [JsonValueKind.Array]),
        ("tool_choice", [JsonValueKind.String, JsonValueKind.Object]), ("truncation", [JsonValueKind.String]), ("parallel_tool_calls", [JsonValueKind.True]),
        ("text", [JsonValueKind.Object]), ("top_p", [JsonValueKind.Number]), ("presence_penalty", [JsonValueKind.Number]),
        ("frequency_penalty", [JsonValueKind.Number]), ("top_logprobs", [JsonValueKind.Number]), ("temperature", [JsonValueKind.Number]),
        ("reasoning", [JsonValueKind.Object]), ("user", [JsonValueKind.Null, JsonValueKind.String]), ("usage", [JsonValueKind.Null, JsonValueKind.Object]),
        ("max_output_tokens", [JsonValueKind.Null, JsonValueKind.Number]), ("max_tool_calls", [JsonValueKind.Null]), ("store", [JsonValueKind.True]),
        ("background", [JsonValueKind.False]), ("service_tier", [JsonValueKind.String]), ("metadata", [JsonValueKind.Object]),
        ("safety_identifier", [JsonValueKind.Null]), ("prompt_cache_key", [JsonValueKind.Null]),
    ];

    private ResponsesServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ResponsesServer.StartAsync();
        _server.Upstream.Otherwise(request => request.Body.TryGetProperty("tools", out _)
            ? new ScriptedAnswer().ToolCall("call_1", "get_weather", """{"location":"San Francisco, CA"}""").Ends("tool_calls")
            : new ScriptedAnswer().Text("Hello, ", "dear ", "friend.").Ends());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("basic text", """"input":[{"type":"message","role":"user","content":"Say hello in three words."}]"""", "message")]
    [InlineData("system prompt", """"input":[{"type":"message","role":"system","content":"Talk like a pirate."},{"type":"message","role":"user","content":"Say hello."}]"""", "message")]
    [InlineData("tool call", """"input":[{"type":"message","role":"user","content":"What is the weather in San Francisco?"}],"""" + "\"" + Weather, "function_call")]
    [InlineData("image", """"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"""" + "\"" + Image + "\"}]}]", "message")]
    [InlineData("several turns", """"input":[{"type":"message","role":"user","content":"I am Alice."},{"type":"message","role":"assistant","content":"Hello Alice."},{"type":"message","role":"user","content":"Who am I?"}]"""", "message")]
    public async Task Response_is_complete_and_has_every_field(string name, string fields, string type)
    {
        Assert.NotEmpty(name);
        var body = $$"""{"model":"openai:scripted","{{fields}}}""";

        var response = await _server.CreateAsync(body);
        var streamed = (await _server.StreamAsync(body[..^1] + ",\"stream\":true}")).Accumulate();

        Check(response, type);
        Check(streamed.Final, type);
        Assert.All(streamed.Events.Where(each => each.TryGetProperty("response", out _)), each => CheckFields(each.GetProperty("response")));
        Assert.Equal("response.completed", streamed.Types.Last());
        if (type == "function_call")
            Assert.Superset(
                new HashSet<string> { "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done" }, streamed.Types.ToHashSet());
    }

    [Fact]
    public async Task Previous_response_is_continued_and_named()
    {
        var first = await _server.CreateAsync("""{"model":"openai:scripted","input":"I am Alice."}""");

        var second = await _server.CreateAsync($$"""{"model":"openai:scripted","previous_response_id":"{{first.GetProperty("id").GetString()}}","input":"Who am I?"}""");

        Check(second, "message");
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("previous_response_id").GetString());
        Assert.Equal(3, _server.Upstream.Requests[1].Body.GetProperty("messages").GetArrayLength());
    }

    private static void Check(JsonElement response, string type)
    {
        CheckFields(response);
        Assert.Equal("completed", response.GetProperty("status").GetString());
        var item = response.GetProperty("output").EnumerateArray().Single();
        Assert.Equal((type, "completed"), (item.GetProperty("type").GetString(), item.GetProperty("status").GetString()));
        Assert.Equal(15, response.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal("text", response.GetProperty("text").GetProperty("format").GetProperty("type").GetString());
        foreach (var tool in response.GetProperty("tools").EnumerateArray())
            Assert.Equal(["description", "name", "parameters", "strict", "type"], tool.EnumerateObject().Select(field => field.Name).Order());
    }

    private static void CheckFields(JsonElement response) =>
        Assert.All(Required, field => Assert.Contains(response.GetProperty(field.Name).ValueKind, field.Kinds));
}
