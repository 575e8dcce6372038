using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Hostile;

public sealed class SecurityHeaderTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;

    // The search finds nothing, at once: nothing may be fetched from this machine.
    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(
        _folder.Path, _model.Catalog, null, ("FuncChat:Search:DuckDuckGoUrl", "http://127.0.0.1:1/"));

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("GET", "api/health", "")]
    [InlineData("GET", "api/config", "")]
    [InlineData("GET", "api/openapi.json", "")]
    [InlineData("GET", "api/models", "")]
    [InlineData("GET", "api/usage", "")]
    [InlineData("GET", "api/tools", "")]
    [InlineData("GET", "api/nothing", "")]
    [InlineData("GET", "api/chat/turn-0001", "")]
    [InlineData("DELETE", "api/chat/turn-0001", "")]
    [InlineData("PATCH", "api/chat", "")]
    [InlineData("POST", "api/chat", "{}")]
    [InlineData("POST", "api/chat", """{"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("POST", "api/proxy", """{"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("POST", "api/search", "{}")]
    [InlineData("POST", "api/search", """{"query":"x"}""")]
    [InlineData("POST", "api/planning", "{}")]
    [InlineData("POST", "api/planning", """{"query":"x"}""")]
    public async Task Answer_says_that_it_is_nothing_to_run_frame_guess_or_keep(string method, string path, string body)
    {
        _model.Says("Hi.");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await _server.Http.SendAsync(request);

        Assert.Equal("nosniff", HeaderOf(response, "X-Content-Type-Options"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", HeaderOf(response, "Content-Security-Policy"));
        Assert.Equal("DENY", HeaderOf(response, "X-Frame-Options"));
        Assert.Equal("no-referrer", HeaderOf(response, "Referrer-Policy"));
        Assert.Equal("same-origin", HeaderOf(response, "Cross-Origin-Resource-Policy"));
        Assert.StartsWith("no-store", HeaderOf(response, "Cache-Control"), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("X-Powered-By") || response.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("api/health")]
    [InlineData("api/nothing")]
    public async Task Answer_that_came_by_tls_says_to_come_by_tls_alone(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Forwarded-Proto", "https" } } };
        using var response = await _server.Http.SendAsync(request);

        Assert.Equal("max-age=31536000", HeaderOf(response, "Strict-Transport-Security"));
    }

    private static string HeaderOf(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));
}
