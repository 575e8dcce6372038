using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>Sign-ins on a server without users, whose only user is the person at the machine.</summary>
public sealed class LocalSignInTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private ScriptedMcpServer _mcp = null!;
    private FakeAuthorization _authorization = null!;

    public async Task InitializeAsync()
    {
        _mcp = (await ScriptedMcpServer.StartAsync()).Says("read", "mail", new() { ReadOnlyHint = true });
        _authorization = await FakeAuthorization.StartAsync(_mcp);
    }

    public async Task DisposeAsync()
    {
        await _authorization.DisposeAsync();
        await _mcp.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("sign-in")]
    public async Task User_signs_in_and_stays_signed_in_after_a_restart(string auth)
    {
        await using (var server = await StartAsync(auth))
            await SignInAsync(server);
        await using var restarted = await StartAsync(auth);

        var tools = await restarted.Http.GetStringAsync(new Uri("/api/tools", UriKind.Relative));

        Assert.Contains("srv__read", tools, StringComparison.Ordinal);
        Assert.Single(_authorization.Requests, path => path == "/token");
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public async Task Tokens_are_in_files_that_only_the_app_can_read()
    {
        await using var server = await StartAsync("sign-in");
        await SignInAsync(server);

        var files = Directory.EnumerateFiles(Path.Combine(_folder.Path, "secrets"), "*", SearchOption.AllDirectories).ToList();

        Assert.Contains(files, file => file.EndsWith("mcp-srv-tokens", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.DoesNotContain(files, file => file.EndsWith("mcp-srv-pending", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("sign-in")]
    public async Task Health_is_ok_while_no_user_has_signed_in(string auth)
    {
        await using var server = await StartAsync(auth);

        var health = await server.Http.GetFromJsonAsync<JsonElement>("/api/health");

        Assert.Equal("ok", health.GetProperty("dependencies").GetProperty("mcp:srv").GetString());
    }

    private Task<LocalServer> StartAsync(string auth) => LocalServer.StartAsync(
        _folder.Path, _model.Catalog, null, ("FuncChat:Mcp:Servers:srv:Url", _mcp.Url.AbsoluteUri), ("FuncChat:Mcp:Servers:srv:Auth", auth));

    private static async Task SignInAsync(LocalServer server)
    {
        using var started = await server.Http.PostAsync(new Uri("/api/mcp/servers/srv/sign-in", UriKind.Relative), null);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var authorized = await browser.GetAsync((await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString());
        using var returned = await browser.GetAsync(authorized.Headers.Location);
        var body = Base64UrlEncoder.Decode(returned.Headers.Location!.Fragment["#/mcp-sign-in/".Length..]);
        using var completed = await server.Http.PostAsync(new Uri("/api/mcp/oauth/callback", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
    }
}
