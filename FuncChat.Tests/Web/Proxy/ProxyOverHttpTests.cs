using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Proxy;

public sealed class ProxyOverHttpTests : IAsyncLifetime
{
    private const string Path = "api/proxy";

    private readonly TemporaryFolder _folder = new();
    private ScriptedModelServer _upstream = null!;
    private LocalServer _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedModelServer.StartAsync();
        _server = await LocalServer.StartAsync(_folder.Path, tools: new GatedTools(), settings: [
            ("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl),
            ("FuncChat:Turns:Heartbeat", "00:00:00.1"), ("FuncChat:Turns:ShutdownGrace", "00:00:00")]);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Turn_is_one_completion_with_the_messages_of_its_tool_rounds()
    {
        _upstream.Answers(answer => answer.Text("Let me see.").ToolCall("a", GatedTools.Echo, """{"text":"é\n"}""").Ends("tool_calls"))
            .Says("So ", "it is.");

        using var response = await PostAsync(Body(""","tools":["Echo"],"turn_id":"turn-0001" """));
        var completion = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("turn-0001", response.Headers.GetValues("X-Turn-Id").Single());
        Assert.Equal(
            ("turn-0001", "chat.completion", "openai:scripted"),
            (completion.GetProperty("id").GetString(), completion.GetProperty("object").GetString(), completion.GetProperty("model").GetString()));
        Assert.Equal(
            """[{"index":0,"message":{"role":"assistant","content":"So it is."},"finish_reason":"stop"}]""", completion.GetProperty("choices").GetRawText());
        Assert.Equal("""{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30}""", completion.GetProperty("usage").GetRawText());
        Assert.Equal(
            ["assistant", "tool"], completion.GetProperty("tool_messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()!));
    }

    [Fact]
    public async Task Turn_streams_as_chunks_with_a_paragraph_between_its_messages()
    {
        _upstream.Answers(answer => answer.Text("Let me see.").ToolCall("a", GatedTools.Echo, """{"text":"x"}""").Ends("tool_calls"))
            .Says("So ", "世界 \"🌊\".");

        using var response = await PostAsync(Body(""","tools":["Echo"],"stream":true"""));
        var chunks = await ChunksAsync(response);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("[DONE]", chunks[^1]);
        var parsed = chunks.SkipLast(1).Select(chunk => JsonElement.Parse(chunk)).ToList();
        Assert.All(parsed, chunk => Assert.Equal("openai:scripted", chunk.GetProperty("model").GetString()));
        Assert.All(parsed, chunk => Assert.False(chunk.TryGetProperty("usage", out _)));
        Assert.Equal("""{"role":"assistant","content":""}""", Delta(parsed[0]).GetRawText());
        Assert.Equal(
            "Let me see.\n\nSo 世界 \"🌊\".", string.Concat(parsed.SkipLast(1).Select(chunk => Delta(chunk).GetProperty("content").GetString())));
        Assert.Equal("""[{"index":0,"delta":{},"finish_reason":"stop"}]""", parsed[^1].GetProperty("choices").GetRawText());
    }

    [Fact]
    public async Task Stream_ends_with_the_usage_when_that_is_asked_for()
    {
        _upstream.Says("Hi.");

        using var response = await PostAsync(Body(""","stream":true,"stream_options":{"include_usage":true}"""));
        var last = JsonElement.Parse((await ChunksAsync(response))[^2]);

        Assert.Equal(0, last.GetProperty("choices").GetArrayLength());
        Assert.Equal("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}""", last.GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task Stream_shows_signs_of_life_while_nothing_comes()
    {
        var go = new ManualSignal();
        _upstream.Answers(answer => answer.Text("One").WaitFor(go).Text(", two.").Ends());

        using var response = await PostAsync(Body(""","stream":true"""));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line && line != ": keep-alive")
        {
        }

        go.Set();
        var rest = await reader.ReadToEndAsync();
        Assert.Contains("\"content\":\", two.\"", rest, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":{"message":"Slow down.","code":"rate_limit_exceeded"}}""", HttpStatusCode.TooManyRequests, "RATE_LIMITED")]
    [InlineData("""{"error":{"message":"Broken.","code":"server_error"}}""", HttpStatusCode.BadGateway, "UPSTREAM_ERROR")]
    [InlineData("""{"error":{"message":"Too slow.","code":504}}""", HttpStatusCode.GatewayTimeout, "UPSTREAM_TIMEOUT")]
    [InlineData("""{"error":{"message":"Not that.","code":"content_filter"}}""", HttpStatusCode.BadGateway, "CONTENT_FILTERED")]
    [InlineData("""{"error":{"message":"Who?","code":401}}""", HttpStatusCode.InternalServerError, "CONFIGURATION_ERROR")]
    public async Task Failure_of_the_model_is_a_problem_with_its_status(string upstreamError, HttpStatusCode status, string code)
    {
        _upstream.Answers(answer => answer.Text("Half").Event(upstreamError));

        using var response = await PostAsync(Body());
        var problem = await Problem.OfAsync(response);

        Assert.Equal((status, code), (problem.Status, problem.Code));
        Assert.True(response.Headers.Contains("X-Turn-Id"));
    }

    [Fact]
    public async Task Failure_of_the_model_ends_a_stream_with_an_error_and_without_DONE()
    {
        _upstream.Answers(answer => answer.Text("Half").Event("""{"error":{"message":"Broken.","code":"server_error"}}"""));

        using var response = await PostAsync(Body(""","stream":true"""));
        var error = JsonElement.Parse((await ChunksAsync(response))[^1]).GetProperty("error");

        Assert.Equal(("server_error", "UPSTREAM_ERROR"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Failure_of_the_model_before_its_first_text_is_a_problem_with_its_status_in_a_stream_too()
    {
        _upstream.Fails(429, "", ("Retry-After", "90"));

        using var response = await PostAsync(Body(""","stream":true"""));
        var problem = await Problem.OfAsync(response);

        Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMITED"), (problem.Status, problem.Code));
        Assert.Equal("90", response.Headers.GetValues("Retry-After").Single());
        Assert.True(response.Headers.Contains("X-Turn-Id"));
    }

    [Fact]
    public async Task Turn_that_a_user_stops_is_not_a_server_error()
    {
        _upstream.Answers(answer => answer.Text("Half").Stall());
        var answer = PostAsync(Body(""","turn_id":"turn-0001" """));
        await _upstream.RequestAsync();

        using var stopped = await Http.DeleteAsync("api/chat/turn-0001");

        using var response = await answer;
        var problem = await Problem.OfAsync(response);
        Assert.Equal((499, "CANCELLED"), ((int)problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true""")]
    public async Task Server_that_stops_explains_how_to_continue(string more)
    {
        _upstream.Answers(answer => answer.Text("Half").Stall());
        var answer = PostAsync(Body(more));
        await _upstream.RequestAsync();

        // The head of a stream comes with the first text.
        if (more.Length > 0)
            await answer;

        await _server.StopAsync();

        using var response = await answer;
        Assert.Contains("GET /api/turns/", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(more.Length > 0 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Theory]
    [InlineData(""","stream":"yes" """, "$.stream")]
    [InlineData(""","stream_options":true""", "$.stream_options")]
    [InlineData(""","stream_options":{"include_usage":1}""", "$.stream_options.include_usage")]
    [InlineData(""","stream_options":{"x":true}""", "$.stream_options.x")]
    [InlineData(""","n":2""", "$.n")]
    public async Task Invalid_body_is_refused_with_the_path_of_its_error(string more, string path)
    {
        var problem = await Problem.OfPostAsync(Http, Path, Body(more));

        Assert.Equal((HttpStatusCode.BadRequest, path), (problem.Status, problem.Path));
    }

    [Fact]
    public async Task Field_of_the_proxy_is_none_of_the_chat()
    {
        Assert.Equal("$.stream", (await Problem.OfPostAsync(Http, "api/chat", Body(""","stream":true"""))).Path);
    }

    private static string Body(string more = "") => $$"""{"messages":[{"role":"user","content":"Hello"}],"model":"openai:scripted"{{more}}}""";

    private static JsonElement Delta(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("delta");

    private static async Task<IReadOnlyList<string>> ChunksAsync(HttpResponseMessage response) =>
        [.. (await response.Content.ReadAsStringAsync()).Split("\n\n")
            .Select(frame => frame[Math.Max(0, frame.IndexOf("data: ", StringComparison.Ordinal))..])
            .Where(frame => frame.StartsWith("data: ", StringComparison.Ordinal)).Select(frame => frame["data: ".Length..])];

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
