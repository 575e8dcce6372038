using System.Net;
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
    public async Task Server_without_sign_in_answers_only_what_comes_from_its_own_machine(string header, string value, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/models");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }
}
