using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.OpenAi;

public sealed class CompletionErrorTests
{
    [Theory]
    [InlineData(400, """{"error":{"message":"Too long.","code":"context_length_exceeded"}}""", 400, "invalid_request_error", "context_length_exceeded", null, null)]
    [InlineData(400, """{"error":{"message":"Not that.","code":"content_filter"}}""", 400, "invalid_request_error", "content_filter", null, null)]
    [InlineData(401, """{"error":{"message":"Who?"}}""", 502, "server_error", "configuration_error", null, "false")]
    [InlineData(403, "", 502, "server_error", "configuration_error", null, "false")]
    [InlineData(404, """{"error":{"message":"No model.","code":"model_not_found"}}""", 404, "invalid_request_error", "model_not_found", null, null)]
    [InlineData(429, """{"error":{"message":"Slow down."}}""", 429, "rate_limit_error", "rate_limit_exceeded", "90", null)]
    [InlineData(429, """{"error":{"message":"Pay.","code":"insufficient_quota"}}""", 429, "insufficient_quota", "insufficient_quota", null, "false")]
    [InlineData(500, "", 502, "server_error", "upstream_error", null, null)]
    [InlineData(503, "", 502, "server_error", "upstream_error", "90", null)]
    public async Task Error_before_the_first_token_is_the_response_streamed_or_not(
        int upstreamStatus, string upstreamBody, int status, string type, string code, string? retryAfter, string? shouldRetry)
    {
        await using var server = await CompletionsServer.StartAsync();
        (string, string)[] headers = retryAfter is null ? [] : [("Retry-After", retryAfter)];
        server.Upstream.Fails(upstreamStatus, upstreamBody, headers).Fails(upstreamStatus, upstreamBody, headers);

        foreach (var more in (string[])["", ""","stream":true"""])
        {
            using var response = await server.PostAsync(CompletionsServer.Body(more));
            var error = await OpenAiErrors.OfAsync(response);

            Assert.Equal((status, type, code), ((int)response.StatusCode, error.Type, error.Code));
            Assert.Equal(retryAfter, Header(response, "Retry-After"));
            Assert.Equal(shouldRetry, Header(response, "x-should-retry"));
        }
    }

    [Theory]
    [InlineData("api/v1/chat/completions", """{"model":"openai:scripted","messages":[{"role":"user","content":"Hello"}]}""")]
    [InlineData("api/v1/responses", """{"model":"openai:scripted","input":"Hello"}""")]
    [InlineData("api/proxy", """{"model":"openai:scripted","messages":[{"role":"user","content":"Hello"}],"stream":false}""")]
    public async Task Response_without_a_stream_is_an_error_that_no_client_retries_when_it_takes_too_long(string path, string body)
    {
        await using var server = await CompletionsServer.StartAsync(("FuncChat:Requests:MaxSilence", "1"), ("FuncChat:Turns:Heartbeat", "0.1"));
        server.Upstream.Answers(answer => answer.Text("Half an ").Stall());

        using var response = await server.Server.Http.PostAsync(
            new Uri(path, UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.GatewayTimeout, "false"), (response.StatusCode, Header(response, "x-should-retry")));
        Assert.Contains("longer than 1 seconds", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_event_has_the_wait_and_the_reason_of_the_provider()
    {
        await using var server = await CompletionsServer.StartAsync();
        server.Upstream.Fails(429, """{"error":{"message":"Slow down."}}""", ("Retry-After", "90")).Fails(400, """{"error":{"message":"Too long.","code":"context_length_exceeded"}}""");

        await using var limited = await TurnStream.PostAsync(server.Server.Http, CompletionsServer.Body());
        Assert.Equal("90", (await limited.ToEndAsync())[^1].Text("retry_after"));
        await using var refused = await TurnStream.PostAsync(server.Server.Http, CompletionsServer.Body());
        Assert.Equal("context_length_exceeded", (await refused.ToEndAsync())[^1].Text("reason"));
    }

    [Fact]
    public async Task Error_that_the_server_has_retried_is_not_retried_by_the_client()
    {
        await using var server = await CompletionsServer.StartAsync(("FuncChat:Providers:openai:MaxRetries", "1"));
        server.Upstream.Fails(429, "", ("retry-after-ms", "1")).Fails(429, "", ("retry-after-ms", "1"));

        using var response = await server.PostAsync(CompletionsServer.Body(""","stream":true"""));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("false", Header(response, "x-should-retry"));
        Assert.Equal(2, server.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Error_after_the_first_token_is_a_record_of_the_stream()
    {
        await using var server = await CompletionsServer.StartAsync();
        server.Upstream.Answers(answer => answer.Text("Half").Event("""{"error":{"message":"Broken.","code":"server_error"}}"""));

        var answer = await server.StreamAsync(CompletionsServer.Body(""","stream":true"""));

        Assert.Equal("upstream_error", OpenAiErrors.Of(answer.Chunks[^1]).Code);
        Assert.DoesNotContain("[DONE]", answer.Records);
    }

    [Fact]
    public async Task Stream_starts_with_a_comment_when_the_model_is_silent_for_a_heartbeat()
    {
        await using var server = await CompletionsServer.StartAsync(("FuncChat:Turns:Heartbeat", "00:00:00.1"));
        var go = new ManualSignal();
        server.Upstream.Answers(answer => answer.WaitFor(go).Event("""{"error":{"message":"Broken.","code":"server_error"}}"""));

        using var response = await server.PostAsync(CompletionsServer.Body(""","stream":true"""));
        go.Set();
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith(": keep-alive\n\n", text, StringComparison.Ordinal);
        Assert.Equal("upstream_error", OpenAiErrors.Of(StreamedCompletion.Parse(text).Chunks[^1]).Code);
    }

    [Theory]
    [InlineData("GET", "api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/v1", HttpStatusCode.NotFound)]
    [InlineData("POST", "api/v1/embeddings", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/v1/chat/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "api/v1/models/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "api/v1/chat/completions", HttpStatusCode.UnsupportedMediaType)]
    public async Task Path_of_the_api_always_answers_in_its_shape(string method, string path, HttpStatusCode status)
    {
        await using var server = await CompletionsServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await server.Server.Http.SendAsync(request);
        await OpenAiErrors.OfAsync(response);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Unknown_model_is_not_found()
    {
        await using var server = await CompletionsServer.StartAsync();

        using var response = await server.PostAsync(CompletionsServer.Body().Replace("openai:scripted", "nothing", StringComparison.Ordinal));
        var error = await OpenAiErrors.OfAsync(response);

        Assert.Equal((HttpStatusCode.NotFound, "model", "model_not_found"), (response.StatusCode, error.Param, error.Code));
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
