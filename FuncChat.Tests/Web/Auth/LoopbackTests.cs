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
    [InlineData("Client-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Remote-Addr", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Originating-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("Incap-Client-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Vercel-Forwarded-For", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("Ali-CDN-Real-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Sucuri-ClientIP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Nf-Client-Connection-Ip", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-Azure-SocketIP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("DO-Connecting-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("X-NginX-Proxy", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Original-URL", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Rewrite-URL", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Original-Method", "x", HttpStatusCode.Forbidden)]
    [InlineData("Cf-Access-Jwt-Assertion", "x", HttpStatusCode.Forbidden)]
    [InlineData("CF-Worker", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Goog-IAP-JWT-Assertion", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Amzn-Oidc-Data", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Goog-Api-Client", "x", HttpStatusCode.OK)]
    [InlineData("X-Goog-Api-Key", "x", HttpStatusCode.OK)]
    [InlineData("X-Vercel-AI-UI-Message-Stream", "v1", HttpStatusCode.OK)]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "x", HttpStatusCode.OK)]
    [InlineData("X-Forwarded-User", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Forwarded-Client-Cert", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Auth-Request-Email", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Envoy-Attempt-Count", "x", HttpStatusCode.Forbidden)]
    [InlineData("Fly-Region", "x", HttpStatusCode.Forbidden)]
    [InlineData("Fastly-FF", "x", HttpStatusCode.Forbidden)]
    [InlineData("CDN-RequestId", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Vercel-Id", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Akamai-Edgescape", "x", HttpStatusCode.Forbidden)]
    [InlineData("X-Served-By", "x", HttpStatusCode.Forbidden)]
    [InlineData("Tailscale-User-Name", "x", HttpStatusCode.Forbidden)]
    [InlineData("Client-IP", "127.0.0.1", HttpStatusCode.OK)]
    [InlineData("X-Request-Id", "1", HttpStatusCode.OK)]
    [InlineData("X-Requested-With", "XMLHttpRequest", HttpStatusCode.OK)]
    [InlineData("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", HttpStatusCode.OK)]
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
    [InlineData("cross-site", "no-cors", "image", null, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "no-cors", "script", null, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "navigate", "iframe", null, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "cors", "empty", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "cors", "empty", "http://localhost:5173", HttpStatusCode.OK)]
    [InlineData("cross-site", "navigate", "document", null, HttpStatusCode.OK)]
    [InlineData("same-site", "no-cors", "image", null, HttpStatusCode.OK)]
    [InlineData("same-origin", "cors", "empty", null, HttpStatusCode.OK)]
    [InlineData("none", "navigate", "document", null, HttpStatusCode.OK)]
    public async Task Server_without_sign_in_is_not_embedded_by_other_sites(string site, string mode, string destination, string? origin, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/models");
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", mode);
        request.Headers.Add("Sec-Fetch-Dest", destination);
        if (origin is not null)
            request.Headers.Add("Origin", origin);

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
