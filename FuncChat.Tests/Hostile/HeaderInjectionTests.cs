using System.Net;
using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Hostile;

public sealed class HeaderInjectionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(_folder.Path, _model.Catalog);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("abcdefgh%0d%0aX-Injected:%20yes", HttpStatusCode.NotFound)]
    [InlineData("abcdefgh%E2%80%A8X-Injected:%20yes", HttpStatusCode.NotFound)]
    [InlineData("%2e%2e%2f%2e%2e%2fetc%2fpasswd", HttpStatusCode.NotFound)]
    [InlineData("abcdefgh?after=1%0d%0aX-Injected:%20yes", HttpStatusCode.BadRequest)]
    [InlineData("abcdefgh?after=1&after=2", HttpStatusCode.BadRequest)]
    [InlineData("abcdefgh?after=%EF%BC%91", HttpStatusCode.BadRequest)]
    public async Task Turn_id_or_place_that_carries_a_header_is_refused_for_every_method(string path, HttpStatusCode status)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            using var request = new HttpRequestMessage(method, $"api/chat/{path}");
            using var response = await _server.Http.SendAsync(request);

            // DELETE has no place to begin from, and there is no such turn.
            Assert.Equal(method == HttpMethod.Delete ? HttpStatusCode.NotFound : status, response.StatusCode);
            Assert.False(response.Headers.Contains("X-Injected"));
        }
    }

    [Theory]
    [InlineData("""abcdefgh\r\nX-Injected: yes""")]
    [InlineData("""abcdefgh\u0000""")]
    [InlineData("""abcdefgh\n""")]
    [InlineData("""../../../../etc/passwd""")]
    [InlineData("""ａｂｃｄｅｆｇｈ""")]
    public async Task Turn_id_of_a_body_that_carries_a_header_or_a_path_is_refused(string turnId)
    {
        using var content = new StringContent(
            $$"""{"messages":[{"role":"user","content":"x"}],"turn_id":"{{turnId}}"}""", Encoding.UTF8, "application/json");
        using var response = await _server.Http.PostAsync("api/chat", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("X-Injected") || response.Headers.Contains("X-Turn-Id"));
        Assert.Empty(_model.Requests);
    }

    [Theory]
    [InlineData("7\0")]
    [InlineData("7; DROP TABLE turns")]
    [InlineData("-7")]
    [InlineData("0x7")]
    [InlineData("99999999999999999999")]
    [InlineData("\u00b2")]
    public async Task Last_event_id_that_is_no_number_is_refused(string id)
    {
        var answer = await RawHttp.SendAsync(
            _server.Http.BaseAddress!, $"GET /api/chat/abcdefgh HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: {id}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("DROP TABLE", answer, StringComparison.Ordinal);
    }
}
