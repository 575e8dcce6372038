using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tests.Web.OpenAi;
using FuncChat.Tests.Web.Responses;

namespace FuncChat.Tests.Web.Formats;

/// <summary>Calls of a client's tool whose arguments are cut or invalid: no client may take them for a call without arguments.</summary>
public sealed class CutCallTests : IAsyncLifetime
{
    private const string Cut = """{"path": "/home/us""";
    private const string Function = """ "name":"delete_file","parameters":{"type":"object"} """;
    private const string Tool = $$$"""{"type":"function","function":{{{{Function}}}}}""";

    private CompletionsServer _server = null!;

    public async Task InitializeAsync() => _server = await CompletionsServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(Cut, "length", false)]
    [InlineData(Cut, "length", true)]
    [InlineData("", "length", true)]
    [InlineData("[1,2]", "tool_calls", true)]
    public async Task Chat_completion_has_them_as_the_model_wrote_them(string arguments, string reason, bool stream)
    {
        Scripted(arguments, reason);
        var body = CompletionsServer.Body($$""","tools":[{{Tool}}]{{(stream ? ",\"stream\":true" : "")}}""");

        var (message, finish) = stream ? Of(await _server.StreamAsync(body)) : Of((await _server.CompleteAsync(body)).GetProperty("choices")[0]);

        Assert.Equal((arguments, reason), (message["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>(), finish));
        _server.Upstream.Says("Done.");
        await _server.CompleteAsync($$"""
            {"model":"openai:scripted","messages":[{"role":"user","content":"a"},{{message.ToJsonString()}},{"role":"tool","tool_call_id":"a","content":"b"}]}
            """);
        var sent = _server.Upstream.Requests[1].Body.GetProperty("messages")[1].GetProperty("tool_calls")[0];
        Assert.Equal("{}", sent.GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Chat_completion_has_line_breaks_that_the_model_did_not_escape_as_json()
    {
        Scripted("{\"path\":\"a\nb\"}", "tool_calls");

        var answer = await _server.CompleteAsync(CompletionsServer.Body($$""","tools":[{{Tool}}]"""));

        Assert.Equal(
            """{"path":"a\u000ab"}""",
            Of(answer.GetProperty("choices")[0]).Message["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(Cut, "length", "incomplete")]
    [InlineData("", "length", "incomplete")]
    [InlineData("[1,2]", "tool_calls", "completed")]
    public async Task Response_has_them_as_the_model_wrote_them(string arguments, string reason, string status)
    {
        foreach (var stream in (bool[])[false, true])
        {
            Scripted(arguments, reason);
            var text = await PostAsync(ResponsesServer.Path, ResponsesServer.Body($$""","tools":[{"type":"function",{{Function}}}],"stream":{{(stream ? "true" : "false")}}"""));
            var response = stream ? StreamedResponse.Parse(text).Accumulate().Final : JsonElement.Parse(text);

            var item = response.GetProperty("output")[0];
            Assert.Equal(
                (arguments, status, status),
                (item.GetProperty("arguments").GetString(), item.GetProperty("status").GetString(), response.GetProperty("status").GetString()));
        }
    }

    [Theory]
    [InlineData(Cut, "length")]
    [InlineData("", "length")]
    [InlineData("[1,2]", "tool_calls")]
    public async Task Input_is_never_available_to_the_ai_sdk(string arguments, string reason)
    {
        Scripted(arguments, reason);

        var chunks = Records(await PostAsync("api/ui/chat", $$"""
            {"id":"chat-1","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hello"}]}],"model":"openai:scripted","tools":[{{Tool}}]}
            """));

        Assert.Equal(
            ["tool-input-start", "tool-input-delta", "tool-output-error"],
            chunks.Select(chunk => chunk.GetProperty("type").GetString()!).Where(type => type.StartsWith("tool-", StringComparison.Ordinal)));
        Assert.Contains(chunks, chunk => chunk.TryGetProperty("inputTextDelta", out var delta) && delta.ValueEquals(arguments));
    }

    [Theory]
    [InlineData(Cut, "length")]
    [InlineData("", "length")]
    [InlineData("[1,2]", "tool_calls")]
    public async Task Call_has_a_result_in_ag_ui(string arguments, string reason)
    {
        Scripted(arguments, reason);

        var events = Records(await PostAsync("api/agui", $$"""
            {"threadId":"thread-1","runId":"run-0001","protocolVersion":"1.0","messages":[{"id":"q","role":"user","content":"Hello"}],"tools":[{ {{Function}},"description":""}],
             "context":[],"state":{},"forwardedProps":{"model":"openai:scripted"} }
            """));

        Assert.Equal(
            new[] { "TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT" }.Where(type => arguments.Length > 0 || type != "TOOL_CALL_ARGS"),
            events.Select(each => each.GetProperty("type").GetString()!).Where(type => type.StartsWith("TOOL_", StringComparison.Ordinal)));
        Assert.Equal(arguments, string.Concat(events.Where(each => each.GetProperty("type").ValueEquals("TOOL_CALL_ARGS")).Select(each => each.GetProperty("delta").GetString())));
        Assert.False(events[^1].GetProperty("outcome").TryGetProperty("pendingToolCallIds", out _));
    }

    [Fact]
    public async Task Whole_call_next_to_a_cut_one_is_completed()
    {
        _server.Upstream.Answers(answer => answer.ToolCall("a", "delete_file", "{}").ToolCall("b", "search_web", """{"que""", index: 1).Ends("length"));

        var response = JsonElement.Parse(await PostAsync(
            ResponsesServer.Path, ResponsesServer.Body($$""","tools":[{"type":"function",{{Function}}}]""")));

        var item = response.GetProperty("output").EnumerateArray().Single(item => item.GetProperty("type").ValueEquals("function_call"));
        Assert.Equal(("completed", "incomplete"), (item.GetProperty("status").GetString(), response.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("5", false)]
    [InlineData("6", true)]
    [InlineData("7", true)]
    public async Task Ai_sdk_keeps_what_the_provider_wants_back(string version, bool isKept)
    {
        _server.Upstream.Answers(answer => answer.Delta(new { reasoning_content = "Hm." }).ToolCall("a", "delete_file", Cut).Ends("length"));

        var chunks = Records(await PostAsync("api/ui/chat", $$"""
            {"id":"chat-1","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hello"}]}],"model":"openai:scripted","tools":[{{Tool}}]}
            """, version));

        var start = chunks.Single(chunk => chunk.GetProperty("type").ValueEquals("tool-input-start"));
        Assert.Equal(isKept, start.TryGetProperty("providerMetadata", out var metadata));
        Assert.True(!isKept || metadata.GetProperty("funcchat").TryGetProperty("providerData", out _));
    }

    private static (JsonNode Message, string? FinishReason) Of(StreamedCompletion streamed) => (streamed.Message(), streamed.FinishReason);

    private static (JsonNode Message, string? FinishReason) Of(JsonElement choice) =>
        (JsonNode.Parse(choice.GetProperty("message").GetRawText())!, choice.GetProperty("finish_reason").GetString());

    private static List<JsonElement> Records(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[6..]))];

    private void Scripted(string arguments, string reason) =>
        _server.Upstream.Answers(answer => answer.ToolCall("a", "delete_file", arguments).Ends(reason));

    private async Task<string> PostAsync(string path, string body, string? sdkVersion = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        if (sdkVersion is not null)
            content.Headers.Add("X-AI-SDK-Version", sdkVersion);
        using var response = await _server.Server.Http.PostAsync(path, content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }
}
