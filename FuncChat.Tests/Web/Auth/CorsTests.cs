using System.Net;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Web.Auth;

public sealed class CorsTests
{
    private const string Page = "https://chat.example.com";

    [Fact]
    public async Task Preflight_of_an_origin_that_is_set_is_allowed_and_cached()
    {
        await using var server = await StartAsync();

        using var response = await PreflightAsync(server, Page);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Page, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("7200", Header(response, "Access-Control-Max-Age"));
        Assert.Equal("authorization,content-type", Header(response, "Access-Control-Allow-Headers"));
        Assert.Contains("DELETE", Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Null(Header(response, "Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://chat.example.com.evil.com")]
    [InlineData("http://chat.example.com")]
    [InlineData("https://chat.example.com:8443")]
    [InlineData("null")]
    public async Task Preflight_of_any_other_origin_is_not(string origin)
    {
        await using var server = await StartAsync();

        using var response = await PreflightAsync(server, origin);

        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("api-key,content-type")]
    [InlineData("idempotency-key")]
    [InlineData("authorization,content-type,x-stainless-arch,x-stainless-lang,x-stainless-os,x-stainless-package-version,x-stainless-retry-count,"
        + "x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout")]
    [InlineData("x-stainless-helper-method,openai-organization")]
    [InlineData("authorization,content-type,user-agent")]
    [InlineData("authorization,content-type,mcp-protocol-version,mcp-session-id")]
    [InlineData("content-type,mcp-method,mcp-name,mcp-protocol-version")]
    [InlineData("http-referer,x-title,x-requested-with,cache-control,pragma")]
    [InlineData("traceparent,tracestate,baggage,sentry-trace,x-client-request-id,x-anything")]
    public async Task Headers_that_clients_send_in_a_browser_are_allowed(string headers)
    {
        await using var server = await StartAsync();

        using var response = await PreflightAsync(server, Page, headers);

        var allowed = Header(response, "Access-Control-Allow-Headers")!.Split(',');
        Assert.All(headers.Split(','), header => Assert.Contains(header, allowed, StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("x-\u00c3\u00a9")]
    [InlineData("x-a\tb, x-c")]
    [InlineData(",,")]
    public async Task Preflight_of_headers_that_are_no_names_is_no_error_of_the_server(string headers)
    {
        await using var server = await StartAsync();

        var answer = await Hostile.RawHttp.SendAsync(
            server.Http.BaseAddress!,
            $"OPTIONS /api/chat HTTP/1.1\r\nHost: localhost\r\nOrigin: {Page}\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: {headers}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (204|400) ", answer);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    public async Task Answer_can_be_read_by_the_page_whatever_it_is(bool signedIn, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/models") { Headers = { { "Origin", Page } } };
        if (signedIn)
            request.Headers.Add("X-Api-Key", GuardedServer.BotKey);

        using var response = await server.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(Page, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("X-Turn-Id, ETag, Retry-After, WWW-Authenticate, x-request-id, x-should-retry, x-workflow-run-id", Header(response, "Access-Control-Expose-Headers"));
        Assert.Equal("Origin", Header(response, "Vary"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://*.example.com")]
    [InlineData("https://chat.example.com/")]
    [InlineData("https://chat.example.com, chat.example.com")]
    [InlineData("https://Chat.example.com")]
    public async Task Origins_that_are_not_exact_stop_the_start(string origins) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedServer.StartAsync(("FuncChat:Cors:Origins", origins)));

    private static Task<GuardedServer> StartAsync() => GuardedServer.StartAsync(("FuncChat:Cors:Origins", $"https://other.example.com,{Page}"));

    private static Task<HttpResponseMessage> PreflightAsync(GuardedServer server, string origin, string headers = "authorization,content-type")
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "api/chat");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", headers);
        return server.Http.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
