using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Auth;

public sealed class ApiKeyTests : IAsyncLifetime
{
    private GuardedServer _server = null!;

    public async Task InitializeAsync() => _server = await GuardedServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("Authorization", "Bearer " + GuardedServer.BotKey, HttpStatusCode.OK)]
    [InlineData("Authorization", "bearer " + GuardedServer.OtherKey, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", GuardedServer.BotKey, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", GuardedServer.BotKey + "0", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "fck_", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "FCK_0123456789abcdef0123456789abcdef", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", GuardedServer.BotKey, HttpStatusCode.Unauthorized)]
    public async Task Api_key_opens_the_api_when_it_is_one_of_the_keys(string header, string value, HttpStatusCode status)
    {
        using var response = await SendAsync((header, value));

        Assert.Equal(status, response.StatusCode);
        Assert.DoesNotContain("fck_0", _server.Logs.All + await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Hash_of_a_key_is_no_key()
    {
        using var response = await SendAsync(("X-Api-Key", GuardedServer.HashOf(GuardedServer.BotKey)));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Two_credentials_are_401_though_both_are_good()
    {
        using var response = await SendAsync(("X-Api-Key", GuardedServer.BotKey), ("Authorization", $"Bearer {GuardedServer.BotKey}"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "api/tools");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _server.Http.SendAsync(request);
    }
}
