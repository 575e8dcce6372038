using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools.Mcp.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>An authorization server as the MCP specification requires it, strict about everything that a client must send, and the metadata of the MCP server that it protects.</summary>
internal sealed class FakeAuthorization : IAsyncDisposable
{
    private readonly ScriptedWebServer _web;
    private readonly ScriptedMcpServer _mcp;
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Redirect, string Scope)> _clients = new(StringComparer.Ordinal);

    // Each with its scope.
    private readonly ConcurrentDictionary<string, string> _refreshTokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _accessTokens = new(StringComparer.Ordinal);
    private int _number;

    private FakeAuthorization(ScriptedWebServer web, ScriptedMcpServer mcp)
    {
        (_web, _mcp) = (web, mcp);
        Metadata = new Dictionary<string, object?>
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["registration_endpoint"] = $"{Issuer}/register",
            ["revocation_endpoint"] = $"{Issuer}/revoke",
            ["code_challenge_methods_supported"] = new[] { "S256" },
            ["token_endpoint_auth_methods_supported"] = new[] { "none" },
            ["authorization_response_iss_parameter_supported"] = true,
        };
        Resource = new Dictionary<string, object?> { ["resource"] = mcp.Url.AbsoluteUri, ["authorization_servers"] = new[] { Issuer }, ["scopes_supported"] = new[] { "read" } };
        web.On("/.well-known/oauth-authorization-server", http => http.Response.WriteAsJsonAsync(Metadata));
        web.On("/authorize", AuthorizeAsync);
        web.On("/token", TokenAsync);
        web.On("/register", RegisterAsync);
        web.On("/revoke", RevokeAsync);
        mcp.Intercept = ProtectAsync;
    }

    public Dictionary<string, object?> Metadata { get; }

    public Dictionary<string, object?> Resource { get; }

    public string Issuer => _web.Url.AbsoluteUri.TrimEnd('/');

    /// <summary>The paths that were requested.</summary>
    public IEnumerable<string> Requests => _web.Requests.Select(request => request.Split('?')[0]);

    /// <summary>Every token that was ever issued.</summary>
    public ConcurrentBag<string> Issued { get; } = [];

    public int ExpiresIn { get; set; } = 3600;

    public bool RefusesRefresh { get; set; }

    /// <summary>The status of the token endpoint when it fails; null if it works.</summary>
    public int? TokenFailure { get; set; }

    /// <summary>Added to each access token.</summary>
    public string TokenEnd { get; set; } = "";

    /// <summary>The scope that calls of tools need in addition; null for none.</summary>
    public string? ScopeOfCalls { get; set; }

    /// <summary>Called when tokens are issued, before the response.</summary>
    public Func<Task> Issuing { get; set; } = () => Task.CompletedTask;

    /// <summary>The scope that refusals of requests without a token name; null for none.</summary>
    public string? ChallengedScope { get; set; }

    /// <summary>Called before a call is refused for its scopes.</summary>
    public Func<Task> Refusing { get; set; } = () => Task.CompletedTask;

    /// <summary>Whether all other requests need <see cref="ScopeOfCalls"/> too.</summary>
    public bool ProtectsEverything { get; set; }

    /// <summary>Reads the document that describes a client, at the address that is its id.</summary>
    public Func<Uri, Task<JsonElement>>? ReadDocument { get; set; }

    /// <summary>A scope that is never granted.</summary>
    public string? WithheldScope { get; set; }

    /// <summary>The user's decision.</summary>
    public bool Denies { get; set; }

    /// <summary>The issuer in responses.</summary>
    public string? ReturnedIssuer { get; set; }

    public static async Task<FakeAuthorization> StartAsync(ScriptedMcpServer mcp) => new(await ScriptedWebServer.StartAsync(), mcp);

    /// <summary>Forgets the registrations, as a server does that keeps them in memory.</summary>
    public void ForgetClients() => _clients.Clear();

    /// <summary>Ends every access token, as a server does that forgets them.</summary>
    public void ForgetAccessTokens() => _accessTokens.Clear();

    /// <summary>Signs the user in, as the browser does. Another instance may complete the sign-in.</summary>
    public static async Task SignInAsync(string user, McpSignIn starting, McpSignIn completing)
    {
        var app = new AppAddresses(new Uri("http://127.0.0.1/callback"), new Uri("http://127.0.0.1/client.json"), "http://127.0.0.1");
        var address = await starting.StartAsync(user, app, CancellationToken.None);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var authorized = await browser.GetAsync(address);
        var query = QueryHelpers.ParseQuery(authorized.Headers.Location!.Query);
        await completing.CompleteAsync(user, new SignInResponse(query["state"].ToString(), query["code"], query["iss"], null), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static Task RefuseAsync(HttpContext http, string error, int status = StatusCodes.Status400BadRequest)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error, error_description = "token-in-description" });
    }

    private async Task<bool> ProtectAsync(HttpContext http)
    {
        if (http.Request.Path == "/.well-known/oauth-protected-resource/mcp")
        {
            await http.Response.WriteAsJsonAsync(Resource);
            return true;
        }

        if (http.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] && _accessTokens.TryGetValue(token, out var scope))
        {
            if (ScopeOfCalls is not { } needed || scope.Split(' ').Contains(needed) || !(ProtectsEverything || await CallsToolAsync(http)))
                return false;
            await Refusing();
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            http.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{needed}\", resource_metadata=\"{_mcp.Url.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-protected-resource/mcp\"";
            return true;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        var scopes = ChallengedScope is { } named ? $"scope=\"{named}\", " : "";
        http.Response.Headers.WWWAuthenticate = $"Bearer error=\"invalid_token\", {scopes}resource_metadata=\"{_mcp.Url.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-protected-resource/mcp\"";
        return true;
    }

    private async Task AddDescribedAsync(string id, string scope, Func<Uri, Task<JsonElement>> read)
    {
        var document = await read(new Uri(id));
        if (document.GetProperty("client_id").GetString() == id && document.GetProperty("client_name").GetString() is { Length: > 0 }
            && document.GetProperty("token_endpoint_auth_method").GetString() == "none")
        {
            _clients[id] = (document.GetProperty("redirect_uris")[0].GetString()!, scope);
        }
    }

    private static async Task<bool> CallsToolAsync(HttpContext http)
    {
        http.Request.EnableBuffering();
        var body = await new StreamReader(http.Request.Body, leaveOpen: true).ReadToEndAsync();
        http.Request.Body.Position = 0;
        return body.Contains("\"tools/call\"", StringComparison.Ordinal);
    }

    private static bool IsWithin(string scope, string all) => scope.Split(' ').All(all.Split(' ').Contains);

    private async Task RegisterAsync(HttpContext http)
    {
        var request = await http.Request.ReadFromJsonAsync<JsonElement>();
        var id = $"client-{Interlocked.Increment(ref _number)}";
        _clients[id] = (request.GetProperty("redirect_uris")[0].GetString()!, request.TryGetProperty("scope", out var scope) ? scope.GetString()! : "");
        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(new { client_id = id, token_endpoint_auth_method = request.GetProperty("token_endpoint_auth_method").GetString() });
    }

    private async Task AuthorizeAsync(HttpContext http)
    {
        var asked = http.Request.Query.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        if (ReadDocument is { } read && asked["client_id"].StartsWith("https://", StringComparison.Ordinal))
            await AddDescribedAsync(asked["client_id"], asked["scope"], read);
        if (asked["response_type"] != "code" || asked["code_challenge_method"] != "S256" || asked["resource"] != _mcp.Url.AbsoluteUri
            || !_clients.TryGetValue(asked["client_id"], out var client) || client.Redirect != asked["redirect_uri"] || !IsWithin(asked.GetValueOrDefault("scope", ""), client.Scope))
        {
            await RefuseAsync(http, "invalid_request");
            return;
        }

        var code = $"code-{Interlocked.Increment(ref _number)}";
        _codes[code] = asked;
        var response = new Dictionary<string, string?> { ["state"] = asked["state"], ["iss"] = ReturnedIssuer ?? Issuer };
        response[Denies ? "error" : "code"] = Denies ? "access_denied" : code;
        http.Response.Redirect(QueryHelpers.AddQueryString(client.Redirect, response));
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = (await http.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        if (TokenFailure is { } status)
        {
            http.Response.StatusCode = status;
            return;
        }

        if (form["resource"] != _mcp.Url.AbsoluteUri || !_clients.ContainsKey(form["client_id"]))
        {
            await RefuseAsync(http, "invalid_client", StatusCodes.Status401Unauthorized);
            return;
        }

        string? scope = null;
        IReadOnlyDictionary<string, string>? asked = null;
        var valid = form["grant_type"] == "refresh_token"
            ? !RefusesRefresh && _refreshTokens.TryRemove(form["refresh_token"], out scope)
            : _codes.TryRemove(form["code"], out asked) && asked["redirect_uri"] == form["redirect_uri"] && asked["client_id"] == form["client_id"]
                && asked["code_challenge"] == Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"])));
        if (!valid)
        {
            await RefuseAsync(http, "invalid_grant");
            return;
        }

        var number = Interlocked.Increment(ref _number);
        var (access, refresh) = ($"access-token-{number}{TokenEnd}", $"refresh-token-{number}");
        _accessTokens[access] = _refreshTokens[refresh] = scope ?? string.Join(' ', asked!.GetValueOrDefault("scope", "").Split(' ').Where(each => each != WithheldScope));
        Issued.Add(access);
        Issued.Add(refresh);
        await Issuing();
        await http.Response.WriteAsJsonAsync(new { access_token = access, refresh_token = refresh, token_type = "Bearer", expires_in = ExpiresIn });
    }

    private async Task RevokeAsync(HttpContext http) => _refreshTokens.TryRemove((await http.Request.ReadFormAsync())["token"].ToString(), out _);
}
