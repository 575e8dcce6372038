using System.Net;
using System.Text.Json.Nodes;
using FuncChat.Tools.Mcp.SignIn;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>Registrations of the app at the authorization server of an MCP server.</summary>
public sealed class RegistrationTests : IAsyncLifetime
{
    private McpSignInBench _bench = null!;

    public async Task InitializeAsync() => _bench = await McpSignInBench.StartAsync();

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [Fact]
    public async Task App_registers_once_for_all_users()
    {
        await _bench.SignInAsync(_bench.Ada);
        await _bench.SignInAsync(_bench.Bob);

        Assert.Single(_bench.Authorization.Requests, path => path == "/register");
    }

    [Fact]
    public async Task App_registers_once_for_each_name_of_the_host()
    {
        string[] names = ["one.example", "two.example", "three.example:8443"];
        foreach (var name in names.Concat(names))
        {
            using var started = await StartAsync(name);
            Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        }

        Assert.Equal(3, _bench.Authorization.Requests.Count(path => path == "/register"));
    }

    [Fact]
    public async Task App_keeps_the_registrations_of_the_last_four_names_of_the_host()
    {
        foreach (var name in (string[])["one.example", "two.example", "three.example", "four.example", "five.example", "two.example", "one.example"])
        {
            using var started = await StartAsync(name);
            Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        }

        Assert.Equal(6, _bench.Authorization.Requests.Count(path => path == "/register"));
    }

    [Fact]
    public async Task App_registers_again_when_the_authorization_server_no_longer_knows_it()
    {
        using var other = await StartAsync("other.example");
        var body = await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada));
        _bench.Authorization.TokenFailure = 401;
        using var refused = await _bench.CompleteAsync(_bench.Ada, body);
        _bench.Authorization.TokenFailure = null;

        await _bench.SignInAsync(_bench.Ada);
        using var another = await StartAsync("other.example");

        Assert.Equal((HttpStatusCode.BadGateway, HttpStatusCode.OK), (refused.StatusCode, another.StatusCode));
        Assert.Equal(3, _bench.Authorization.Requests.Count(path => path == "/register"));
    }

    [Fact]
    public async Task App_registers_again_when_the_browser_did_not_return()
    {
        await _bench.StartSignInAsync(_bench.Ada);
        _bench.Authorization.ForgetClients();
        _bench.Server.Time.Advance(McpSignIns.Lifetime);

        await _bench.StartSignInAsync(_bench.Bob);
        await _bench.SignInAsync(_bench.Ada);
        await _bench.SignInAsync(_bench.Bob);

        Assert.Equal(2, _bench.Authorization.Requests.Count(path => path == "/register"));
    }

    [Fact]
    public async Task App_registers_once_within_the_time_of_a_sign_in_however_often_users_start_one()
    {
        for (var start = 1; start <= 5; start++)
        {
            var body = JsonNode.Parse(await _bench.BrowseAsync(await _bench.StartSignInAsync(_bench.Ada)))!;
            await _bench.StartSignInAsync(_bench.Bob);
            body["code"] = null;
            body["error"] = "invalid_client";
            using var refused = await _bench.CompleteAsync(_bench.Ada, body.ToJsonString());
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        Assert.Single(_bench.Authorization.Requests, path => path == "/register");
        _bench.Server.Time.Advance(McpSignIns.Lifetime);
        await _bench.StartSignInAsync(_bench.Bob);
        Assert.Equal(2, _bench.Authorization.Requests.Count(path => path == "/register"));
    }

    [Fact]
    public async Task App_registers_once_when_users_start_at_once()
    {
        await Task.WhenAll(_bench.StartSignInAsync(_bench.Ada), _bench.StartSignInAsync(_bench.Bob));

        Assert.Single(_bench.Authorization.Requests, path => path == "/register");
    }

    [Theory]
    [InlineData("localhost:99999")]
    [InlineData("local host")]
    [InlineData("[::1")]
    public async Task Host_that_is_not_valid_is_a_400(string host)
    {
        using var response = await StartAsync(host);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain("/register", _bench.Authorization.Requests);
    }

    private async Task<HttpResponseMessage> StartAsync(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/mcp/servers/srv/sign-in");
        request.Headers.Authorization = new("Bearer", _bench.Ada);
        request.Headers.TryAddWithoutValidation("Host", host);
        return await _bench.Server.Http.SendAsync(request);
    }
}
