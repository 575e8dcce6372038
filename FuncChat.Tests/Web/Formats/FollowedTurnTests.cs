using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Formats;

/// <summary>A turn that another request has started: each format shows what is stored with it, and not what the request at hand knows.</summary>
public sealed class FollowedTurnTests : IAsyncLifetime
{
    private const string Id = "turn-0001";
    private const string Chat = $$"""{"messages":[{"role":"user","content":"Hello"}],"turn_id":"{{Id}}"}""";
    private const long Started = 1767323045; // 2026-01-02T03:04:05Z

    private readonly TemporaryFolder _folder = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await LocalServer.StartAsync(_folder.Path, new FakeModel().Says("Hi.").Catalog);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("openai-chat", "created")]
    [InlineData("completion", "created")]
    [InlineData("response", "created_at")]
    [InlineData("responses", "created_at")]
    public async Task Time_of_creation_is_that_of_the_turn(string format, string field)
    {
        await SendAsync(HttpMethod.Post, "api/chat", Chat);
        await ChangeHeaderAsync(header => header[..header.IndexOf("\"started\":\"", StringComparison.Ordinal)] + "\"started\":\"2026-01-02T03:04:05Z\"" + header[header.IndexOf(",\"request\"", StringComparison.Ordinal)..]);

        var followed = await SendAsync(HttpMethod.Get, $"api/turns/{Id}?format={format}");
        var repeated = await SendAsync(HttpMethod.Post, $"api/chat?format={format}", Chat);

        Assert.Contains($"\"{field}\":{Started},", followed, StringComparison.Ordinal);
        Assert.Contains($"\"{field}\":{Started},", repeated, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunks_have_the_tokens_when_the_query_of_any_request_asks_for_them()
    {
        var started = await SendAsync(HttpMethod.Post, "api/chat?format=openai-chat&include_usage=true", Chat);
        var followed = await SendAsync(HttpMethod.Get, $"api/turns/{Id}?format=openai-chat&include_usage=true");

        Assert.Contains("\"usage\":{\"prompt_tokens\":10,", started, StringComparison.Ordinal);
        Assert.Equal(started, followed);
    }

    [Fact]
    public async Task Value_of_include_usage_that_is_none_is_refused()
    {
        var problem = await Problem.OfPostAsync(_server.Http, "api/chat?format=openai-chat&include_usage=yes", Chat);

        Assert.Equal((HttpStatusCode.BadRequest, "?include_usage"), (problem.Status, problem.Path));
    }

    [Fact]
    public async Task Response_repeats_its_own_request()
    {
        var created = JsonElement.Parse(await SendAsync(
            HttpMethod.Post, "api/v1/responses", """{"model":"fake:model","input":"Hello","instructions":"Be brief.","metadata":{"case":"7"},"temperature":0.5}"""));

        var response = JsonElement.Parse(await SendAsync(HttpMethod.Get, $"api/turns/{created.GetProperty("id").GetString()}?format=response"));

        Assert.Equal(created.GetRawText(), response.GetRawText());
    }

    [Fact]
    public async Task Run_of_ag_ui_has_the_ids_and_the_messages_of_its_client()
    {
        await SendAsync(
            HttpMethod.Post, "api/agui",
            $$$"""{"threadId":"thread-of-ada","runId":"{{{Id}}}","messages":[{"id":"q1","role":"user","content":"Hello"}],"tools":[],"context":[],"state":{},"forwardedProps":{}}""");
        await AddResetAsync();

        var run = await SendAsync(HttpMethod.Get, $"api/turns/{Id}?format=ag-ui");

        Assert.Contains($"{{\"type\":\"RUN_STARTED\",\"threadId\":\"thread-of-ada\",\"runId\":\"{Id}\"}}", run, StringComparison.Ordinal);
        Assert.Contains("\"messages\":[{\"id\":\"q1\",\"role\":\"user\",\"content\":\"Hello\"}", run, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_of_the_ai_sdk_keeps_its_id()
    {
        var started = await SendAsync(
            HttpMethod.Post, "api/ui/chat",
            """
            {"id":"chat-of-ada","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hello"}]},
              {"id":"message-of-ada","role":"assistant","parts":[{"type":"step-start"},{"type":"tool-where","toolCallId":"c1","state":"output-available","input":{},"output":"Bern"}]}],
             "tools":{"where":{"inputSchema":{"type":"object"}}}}
            """);
        var data = started.Split('\n').First(line => line.Contains("\"type\":\"start\"", StringComparison.Ordinal))[6..];
        var turnId = JsonElement.Parse(data).GetProperty("messageMetadata").GetProperty("turnId").GetString();
        Assert.Equal("message-of-ada", JsonElement.Parse(data).GetProperty("messageId").GetString());

        Assert.Equal(started, await SendAsync(HttpMethod.Get, $"api/turns/{turnId}?format=ui-messages"));
    }

    [Theory]
    [InlineData("GET", "api/turns/turn-0001?format=ui-messages", null)]
    [InlineData("POST", "api/chat?format=ui-messages", Chat)]
    [InlineData("POST", "api/turns/turn-0001/signals?format=ui-messages", """{"type":"stop"}""")]
    public async Task Unknown_version_of_the_ai_sdk_is_refused(string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("X-AI-SDK-Version", "4");

        var problem = await Problem.OfAsync(await _server.Http.SendAsync(request));

        Assert.Equal((HttpStatusCode.BadRequest, "X-AI-SDK-Version"), (problem.Status, problem.Path));
    }

    [Fact]
    public async Task Version_of_the_ai_sdk_does_not_matter_to_other_formats()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/chat?format=openai-chat") { Content = new StringContent(Chat, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-AI-SDK-Version", "4");

        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task ChangeHeaderAsync(Func<string, string> change)
    {
        var log = Directory.EnumerateFiles(_folder.Path, $"{Id}.log", SearchOption.AllDirectories).Single();
        var text = await File.ReadAllTextAsync(log);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(log, change(text[..end]) + text[end..]);
    }

    // As if the process had ended before the answer was complete, and another one had continued the turn.
    private async Task AddResetAsync()
    {
        var log = Directory.EnumerateFiles(_folder.Path, $"{Id}.log", SearchOption.AllDirectories).Single();
        var frames = (await File.ReadAllTextAsync(log)).Split("\n\n").TakeWhile(frame => !frame.Contains("event: llm_response", StringComparison.Ordinal));
        await File.WriteAllTextAsync(log, string.Concat(frames.Select(frame => frame + "\n\n")) + """
            id: 1001
            event: message_reset
            data: {"iteration":1}

            id: 1002
            event: error
            data: {"message":"The turn was stopped.","code":"CANCELLED","retryable":false}


            """);
    }

    private async Task<string> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await _server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }
}
