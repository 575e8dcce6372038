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
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-For", "203.0.113.7, 127.0.0.1")]
    [InlineData("X-Forwarded-For", "unknown")]
    [InlineData("X-Forwarded-Host", "chat.example.com")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("X-Client-IP", "203.0.113.7")]
    [InlineData("X-Cluster-Client-IP", "203.0.113.7")]
    [InlineData("X-ARR-ClientIP", "203.0.113.7:1")]
    [InlineData("X-Azure-ClientIP", "203.0.113.7")]
    [InlineData("X-Envoy-External-Address", "203.0.113.7")]
    [InlineData("CF-Connecting-IP", "203.0.113.7")]
    [InlineData("True-Client-IP", "203.0.113.7")]
    [InlineData("Fastly-Client-IP", "203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Forwarded-Port", "443")]
    [InlineData("X-Forwarded-Server", "proxy")]
    [InlineData("X-Forwarded-Prefix", "/chat")]
    [InlineData("CF-Ray", "8f2")]
    [InlineData("CDN-Loop", "cloudflare")]
    [InlineData("X-Amzn-Trace-Id", "Root=1")]
    [InlineData("X-Azure-FDID", "id")]
    [InlineData("Client-IP", "203.0.113.7")]
    [InlineData("X-Remote-Addr", "203.0.113.7")]
    [InlineData("X-Originating-IP", "203.0.113.7")]
    [InlineData("Incap-Client-IP", "203.0.113.7")]
    [InlineData("X-Vercel-Forwarded-For", "203.0.113.7")]
    [InlineData("Ali-CDN-Real-IP", "203.0.113.7")]
    [InlineData("X-Sucuri-ClientIP", "203.0.113.7")]
    [InlineData("X-Nf-Client-Connection-Ip", "203.0.113.7")]
    [InlineData("X-Azure-SocketIP", "203.0.113.7")]
    [InlineData("DO-Connecting-IP", "203.0.113.7")]
    [InlineData("X-NginX-Proxy", "x")]
    [InlineData("X-Original-URL", "x")]
    [InlineData("X-Rewrite-URL", "x")]
    [InlineData("X-Original-Method", "x")]
    [InlineData("Cf-Access-Jwt-Assertion", "x")]
    [InlineData("CF-Worker", "x")]
    [InlineData("X-Goog-IAP-JWT-Assertion", "x")]
    [InlineData("X-Amzn-Oidc-Data", "x")]
    [InlineData("X-Forwarded-User", "x")]
    [InlineData("X-Forwarded-Client-Cert", "x")]
    [InlineData("X-Auth-Request-Email", "x")]
    [InlineData("X-Envoy-Attempt-Count", "x")]
    [InlineData("Fly-Region", "x")]
    [InlineData("Fastly-FF", "x")]
    [InlineData("CDN-RequestId", "x")]
    [InlineData("X-Vercel-Id", "x")]
    [InlineData("X-Akamai-Edgescape", "x")]
    [InlineData("X-Served-By", "x")]
    [InlineData("Tailscale-User-Name", "x")]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "x")]
    [InlineData("X-MS-CLIENT-PRINCIPAL-NAME", "x")]
    [InlineData("X-MS-TOKEN-AAD-ID-TOKEN", "x")]
    [InlineData("X-MS-Proxy", "AzureAD-Application-Proxy")]
    [InlineData("X-AppGW-Trace-Id", "x")]
    [InlineData("X-FD-ClientIP", "203.0.113.7")]
    [InlineData("X-FD-Ref", "x")]
    [InlineData("Disguised-Host", "chat.example.com")]
    [InlineData("WAS-Default-Hostname", "chat.example.com")]
    [InlineData("X-Site-Deployment-Id", "chat")]
    [InlineData("X-WAWS-Unencoded-URL", "/")]
    [InlineData("X-AppService-Proto", "https")]
    [InlineData("X-K8SE-App-Name", "chat")]
    [InlineData("MS-ASPNETCORE-TOKEN", "x")]
    [InlineData("CloudFront-Viewer-Address", "203.0.113.7:1")]
    [InlineData("CloudFront-Viewer-Country", "DE")]
    [InlineData("X-Client-Geo-Location", "DE")]
    [InlineData("EO-Connecting-IP", "203.0.113.7")]
    [InlineData("Eagleeye-TraceId", "x")]
    [InlineData("X-Replit-User-Id", "1")]
    [InlineData("X-Request-Start", "t=1")]
    [InlineData("Surrogate-Capability", "varnish=ESI/1.0")]
    [InlineData("X-Haproxy-Server-State", "UP")]
    [InlineData("X-Kong-Request-Id", "x")]
    [InlineData("X-Consumer-Username", "ada")]
    [InlineData("L5d-Client-Id", "x")]
    [InlineData("WL-Proxy-SSL", "true")]
    [InlineData("X-Pomerium-Jwt-Assertion", "x")]
    [InlineData("Teleport-Jwt-Assertion", "x")]
    [InlineData("X-authentik-username", "ada")]
    [InlineData("Remote-User", "ada")]
    [InlineData("X-Remote-User", "ada")]
    [InlineData("X-WebAuth-User", "ada")]
    [InlineData("X-SSL-Client-Verify", "SUCCESS")]
    [InlineData("Client-Cert", ":x:")]
    [InlineData("Z-Forwarded-For", "203.0.113.7")]
    [InlineData("X-BlueCoat-Via", "x")]
    [InlineData("X-Forward-For", "203.0.113.7")]
    public async Task Server_without_sign_in_refuses_what_a_proxy_forwards(string header, string value) =>
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(header, value));

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "127.0.0.1:50000, ::1, [::1]:50001")]
    [InlineData("X-Forwarded-Host", "localhost:7071")]
    [InlineData("X-Forwarded-Proto", "http")]
    [InlineData("X-Goog-Api-Client", "x")]
    [InlineData("X-Goog-Api-Key", "x")]
    [InlineData("X-Vercel-AI-UI-Message-Stream", "v1")]
    [InlineData("Client-IP", "127.0.0.1")]
    [InlineData("X-Request-Id", "1")]
    [InlineData("X-Requested-With", "XMLHttpRequest")]
    [InlineData("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("X-MS-Client-Request-Id", "x")]
    [InlineData("X-MS-UserAgent", "azsdk-js")]
    [InlineData("X-Client-Request-Id", "x")]
    [InlineData("X-Stainless-Lang", "js")]
    [InlineData("OpenAI-Beta", "assistants=v2")]
    [InlineData("Anthropic-Version", "2023-06-01")]
    [InlineData("ngrok-skip-browser-warning", "1")]
    [InlineData("X-B3-TraceId", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData("baggage", "a=b")]
    [InlineData("Max-Forwards", "10")]
    [InlineData("DNT", "1")]
    [InlineData("Priority", "u=1")]
    public async Task Server_without_sign_in_answers_clients_and_development_proxies_of_its_own_machine(string header, string value) =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(header, value));

    [Theory]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    [InlineData("Host", "[::1]:7071", HttpStatusCode.OK)]
    [InlineData("Host", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:5173", HttpStatusCode.OK)]
    [InlineData("Origin", "http://[::1]:5173", HttpStatusCode.OK)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    public async Task Server_without_sign_in_answers_only_under_names_and_to_origins_of_its_own_machine(string header, string value, HttpStatusCode status) =>
        Assert.Equal(status, await StatusAsync(header, value));

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

    [Theory]
    [InlineData("X-Consumer-Id", "user-7")]
    [InlineData("Via", "1.1 secret")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Host", "evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Refusal_of_a_server_without_sign_in_names_the_header_that_is_the_reason_and_not_its_value(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/models");
        Assert.True(request.Headers.TryAddWithoutValidation(header, value));

        using var response = await _server.Http.SendAsync(request);

        var body = await response.Content.ReadAsStringAsync();
        Assert.Contains($"header {header},", body, StringComparison.Ordinal);
        Assert.DoesNotContain(value, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_of_a_server_without_sign_in_names_the_protocol_that_is_the_reason() =>
        Assert.Contains("HTTP/1.0,", await RawHttp.SendAsync(_server.Http.BaseAddress!, "GET /api/models HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"), StringComparison.Ordinal);

    private async Task<HttpStatusCode> StatusAsync(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/models");
        Assert.True(request.Headers.TryAddWithoutValidation(header, value));

        using var response = await _server.Http.SendAsync(request);

        return response.StatusCode;
    }
}
