using FuncChat.Engine.Secrets;
using FuncChat.Tests.Support;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Mcp;
using FuncChat.Tools.Mcp.SignIn;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>Refreshes of tokens by several instances, whose authorization server accepts a refresh token once.</summary>
public sealed class RefreshTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<McpSignIn> _instances = [];
    private ScriptedMcpServer _mcp = null!;
    private FakeAuthorization _authorization = null!;

    public async Task InitializeAsync()
    {
        _mcp = await ScriptedMcpServer.StartAsync();
        _authorization = await FakeAuthorization.StartAsync(_mcp);
        _instances.AddRange(Enumerable.Range(0, 4).Select(_ => new McpSignIn(
            new McpServerSettings { Name = "srv", Url = _mcp.Url, Auth = McpAuth.SignIn }, new ConfigurationBuilder().Build(), new SystemNetwork(), new FileSecretStore(_folder.Path), _time)));
        await FakeAuthorization.SignInAsync("ada", _instances[0], _instances[1]);
    }

    public async Task DisposeAsync()
    {
        _instances.ForEach(instance => instance.Dispose());
        await _authorization.DisposeAsync();
        await _mcp.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Refresh_token_is_used_once_when_several_instances_need_a_new_token()
    {
        _time.Advance(TimeSpan.FromHours(2));

        var tokens = await Task.WhenAll(_instances.Select(instance => instance.TokenAsync("ada", CancellationToken.None)));

        Assert.Single(tokens.Distinct(StringComparer.Ordinal));
        Assert.Equal(2, _authorization.Requests.Count(path => path == "/token"));
    }

    [Fact]
    public async Task Token_that_was_refused_is_replaced_once_for_several_callers()
    {
        var refused = await _instances[0].TokenAsync("ada", CancellationToken.None);

        var tokens = await Task.WhenAll(_instances.Select(instance => instance.RefreshAsync("ada", refused, CancellationToken.None)));

        Assert.NotEqual(refused, Assert.Single(tokens.Distinct(StringComparer.Ordinal)));
        Assert.Equal(2, _authorization.Requests.Count(path => path == "/token"));
    }

    [Theory]
    [InlineData("app", "hidden")]
    [InlineData("earlier", "")]
    public async Task Secret_of_the_settings_is_sent_for_their_client_only(string client, string sent)
    {
        var secret = "none";
        await using var web = await ScriptedWebServer.StartAsync();
        web.On("/token", async http =>
        {
            secret = (await http.Request.ReadFormAsync())["client_secret"].ToString();
            http.Response.StatusCode = 400;
        });
        var tokens = new UserTokens
        {
            AccessToken = "access",
            RefreshToken = "refresh",
            Client = new OAuthClient(web.Url.AbsoluteUri, client, null, "client_secret_post", "http://127.0.0.1/callback", null),
            TokenEndpoint = new Uri(web.Url, "token"),
            Resource = _mcp.Url.AbsoluteUri,
        };
        await new SignInStorage("srv", new FileSecretStore(_folder.Path)).WriteTokensAsync("ada", tokens, CancellationToken.None);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("key", (string?)"hidden")]).Build();
        var settings = new McpServerSettings { Name = "srv", Url = _mcp.Url, Auth = McpAuth.SignIn, ClientId = "app", ClientSecretKey = "key" };
        using var instance = new McpSignIn(settings, configuration, new SystemNetwork(), new FileSecretStore(_folder.Path), _time);

        await Assert.ThrowsAsync<SignInRequiredException>(() => instance.RefreshAsync("ada", "access", CancellationToken.None));

        Assert.Equal(sent, secret);
    }

    [Fact]
    public async Task Refresh_is_completed_when_its_caller_leaves()
    {
        _time.Advance(TimeSpan.FromHours(2));
        using var caller = new CancellationTokenSource();
        var (sent, answered) = HoldTokens();

        var refreshing = _instances[0].TokenAsync("ada", caller.Token);
        await sent;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refreshing);
        answered.SetResult();
        await _instances[1].TokenAsync("ada", CancellationToken.None);

        Assert.Equal(2, _authorization.Requests.Count(path => path == "/token"));
    }

    [Fact]
    public async Task User_who_signs_out_during_a_refresh_is_signed_out()
    {
        _time.Advance(TimeSpan.FromHours(2));
        var (sent, answered) = HoldTokens();

        var refreshing = _instances[0].TokenAsync("ada", CancellationToken.None);
        await sent;
        var signingOut = _instances[1].SignOutAsync("ada", CancellationToken.None);
        answered.SetResult();
        await Task.WhenAll(refreshing, signingOut);

        Assert.False((await _instances[0].StateAsync("ada", CancellationToken.None)).IsSignedIn);
    }

    [Fact]
    public async Task App_registers_again_when_a_refresh_is_refused_because_it_is_unknown()
    {
        _authorization.ForgetClients();
        _time.Advance(TimeSpan.FromHours(2));

        await Assert.ThrowsAsync<SignInRequiredException>(() => _instances[0].TokenAsync("ada", CancellationToken.None));
        await FakeAuthorization.SignInAsync("ada", _instances[0], _instances[1]);

        Assert.Equal(2, _authorization.Requests.Count(path => path == "/register"));
    }

    [Fact]
    public async Task Tokens_stay_when_the_authorization_server_is_unavailable()
    {
        await _authorization.DisposeAsync();
        _time.Advance(TimeSpan.FromHours(2));

        await Assert.ThrowsAsync<SignInException>(() => _instances[0].TokenAsync("ada", CancellationToken.None));

        Assert.True((await _instances[0].StateAsync("ada", CancellationToken.None)).IsSignedIn);
    }

    // Holds the next response with tokens until the second task ends. The first one ends when it is held.
    private (Task Held, TaskCompletionSource Release) HoldTokens()
    {
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        _authorization.Issuing = () =>
        {
            _authorization.Issuing = () => Task.CompletedTask;
            held.SetResult();
            return release.Task;
        };
        return (held.Task, release);
    }
}
