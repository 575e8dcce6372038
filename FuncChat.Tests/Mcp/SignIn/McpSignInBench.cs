using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>A server with users, an MCP server that they sign in to, and their browser.</summary>
internal sealed class McpSignInBench : IAsyncDisposable
{
    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public required ScriptedMcpServer Mcp { get; init; }

    public required FakeAuthorization Authorization { get; init; }

    public required GuardedServer Server { get; init; }

    public string Ada { get; private init; } = "";

    public string Bob { get; private init; } = "";

    public static Task<McpSignInBench> StartAsync(params (string Name, string Value)[] settings) => StartAsync(false, settings);

    /// <param name="withIssuer">Whether the settings have the issuer.</param>
    public static async Task<McpSignInBench> StartAsync(bool withIssuer, params (string Name, string Value)[] settings)
    {
        var mcp = (await ScriptedMcpServer.StartAsync()).Says("read", "mail", new() { ReadOnlyHint = true });
        var authorization = await FakeAuthorization.StartAsync(mcp);
        if (withIssuer)
            settings = [("FuncChat:Mcp:Servers:srv:Issuer", authorization.Issuer), .. settings];
        var server = await GuardedServer.StartAsync([("FuncChat:Mcp:Servers:srv:Url", mcp.Url.AbsoluteUri), .. settings]);
        return new McpSignInBench
        {
            Mcp = mcp,
            Authorization = authorization,
            Server = server,
            Ada = server.Issuer.Token(),
            Bob = server.Issuer.TokenWith(("sub", "bob"), ("email", "bob@example.org")),
        };
    }

    /// <summary>The state of the MCP server as the user sees it.</summary>
    public async Task<(string State, bool? SignedIn)> StateAsync(string user)
    {
        var server = (await JsonAsync(HttpMethod.Get, "api/mcp/servers", user)).GetProperty("servers").EnumerateArray().Single(each => each.GetProperty("name").GetString() == "srv");
        var signedIn = server.GetProperty("signed_in");
        return (server.GetProperty("state").GetString()!, signedIn.ValueKind == JsonValueKind.Null ? null : signedIn.GetBoolean());
    }

    /// <summary>Starts a sign-in, and returns the address for the browser.</summary>
    public async Task<Uri> StartSignInAsync(string user) => new((await JsonAsync(HttpMethod.Post, "api/mcp/servers/srv/sign-in", user)).GetProperty("url").GetString()!);

    /// <summary>Follows the browser from the authorization server to the page.</summary>
    /// <returns>What the page receives: the body that completes the sign-in.</returns>
    public async Task<string> BrowseAsync(Uri address)
    {
        using var authorized = await _browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.Redirect, authorized.StatusCode);
        using var returned = await _browser.GetAsync(authorized.Headers.Location);
        Assert.Equal(HttpStatusCode.SeeOther, returned.StatusCode);
        var page = returned.Headers.Location!;
        Assert.Equal(Server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), page.GetLeftPart(UriPartial.Authority));
        Assert.StartsWith("#/mcp-sign-in/", page.Fragment, StringComparison.Ordinal);
        return Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(page.Fragment["#/mcp-sign-in/".Length..]));
    }

    public Task<HttpResponseMessage> CompleteAsync(string user, string body) => Server.SendAsync(HttpMethod.Post, "api/mcp/oauth/callback", user, body);

    public async Task SignInAsync(string user)
    {
        using var completed = await CompleteAsync(user, await BrowseAsync(await StartSignInAsync(user)));
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
    }

    /// <summary>The events of a turn that calls the tool.</summary>
    public async Task<string> ChatAsync(string user, string turnId = "turn-0001")
    {
        Server.Model.Calls(("a", "srv__read", "{}")).Says("Done.");
        using var response = await Server.SendAsync(
            HttpMethod.Post, "api/chat", user, $$"""{"messages":[{"role":"user","content":"x"}],"tools":["srv__read"],"turn_id":"{{turnId}}"}""");
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Answers a request of a parked turn, and returns the events that follow.</summary>
    public async Task<string> AnswerAsync(string user, string signal, string turnId = "turn-0001")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/turns/{turnId}/signals") { Content = new StringContent(signal, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", user);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await Server.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await Server.DisposeAsync();
        await Authorization.DisposeAsync();
        await Mcp.DisposeAsync();
    }

    private async Task<JsonElement> JsonAsync(HttpMethod method, string path, string user)
    {
        using var response = await Server.SendAsync(method, path, user);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}
