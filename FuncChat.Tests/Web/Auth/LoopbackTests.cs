using System.Net;
using FuncChat.Tests.Hostile;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Auth;

public sealed class LoopbackTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(_folder.Path, new FakeModel().Catalog);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    [InlineData("Host", "[::1]:7071", HttpStatusCode.OK)]
    [InlineData("Host", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-For", "127.0.0.1", HttpStatusCode.OK)]
    [InlineData("X-Forwarded-For", "127.0.0.1:50000, ::1, [::1]:50001", HttpStatusCode.OK)]
    [InlineData("X-Forwarded-For", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-For", "203.0.113.7, 127.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-For", "unknown", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Host", "localhost:7071", HttpStatusCode.OK)]
    [InlineData("X-Forwarded-Host", "chat.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Forwarded", "for=203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Proto", "http", HttpStatusCode.OK)]
    [InlineData("X-Forwarded-Proto", "https", HttpStatusCode.Forbidden)]
    [InlineData("X-Real-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Client-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Cluster-Client-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-ARR-ClientIP", "203.0.113.7:1", HttpStatusCode.Forbidden)]
    [InlineData("X-Azure-ClientIP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Envoy-External-Address", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("CF-Connecting-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("True-Client-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("Fastly-Client-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("Via", "1.1 proxy", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Port", "443", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Server", "proxy", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Prefix", "/chat", HttpStatusCode.Forbidden)]
    [InlineData("CF-Ray", "8f2", HttpStatusCode.Forbidden)]
    [InlineData("CDN-Loop", "cloudflare", HttpStatusCode.Forbidden)]
    [InlineData("X-Amzn-Trace-Id", "Root=1", HttpStatusCode.Forbidden)]
    [InlineData("X-Azure-FDID", "id", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:5173", HttpStatusCode.OK)]
    [InlineData("Origin", "http://[::1]:5173", HttpStatusCode.OK)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    public async Task Server_without_sign_in_answers_only_what_comes_from_its_own_machine(string header, string value, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/models");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("GET /api/models HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", "403")]
    [InlineData("GET /api/models HTTP/1.0\r\n\r\n", "403")]
    [InlineData("GET /api/models HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "200")]
    public async Task Server_without_sign_in_refuses_http_1_0_which_proxies_use_by_default(string request, string status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await RawHttp.SendAsync(_server.Http.BaseAddress!, request), StringComparison.Ordinal);
}
