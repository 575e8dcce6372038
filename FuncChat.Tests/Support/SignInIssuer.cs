using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Tests.Support;

/// <summary>
/// An OpenID Connect issuer that people sign in to with a browser: the authorization code flow with PKCE, checked as issuers do, and refresh tokens
/// that are valid once. It recognizes a signed-in user by a cookie.
/// </summary>
internal sealed class SignInIssuer : IAsyncDisposable
{
    public const string AuthorizePath = "/authorize";
    public const string TokenPath = "/token";
    public const string RevokePath = "/revoke";

    private readonly OpenIdIssuer _issuer;
    private readonly ConcurrentDictionary<string, Grant> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Grant> _refreshTokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Name, object? Value)[]> _next = new();
    private int _renewals;

    private SignInIssuer(OpenIdIssuer issuer)
    {
        _issuer = issuer;
        issuer.On(AuthorizePath, AuthorizeAsync);
        issuer.On(TokenPath, TokenAsync);
        issuer.On(RevokePath, RevokeAsync);
    }

    public string Address => _issuer.Issuer;

    /// <summary>Every code and token that it gave out.</summary>
    public ConcurrentQueue<string> Secrets { get; } = new();

    /// <summary>Whether its refresh tokens are good.</summary>
    public bool Renews { get; set; } = true;

    /// <summary>How often a refresh token was traded for another token.</summary>
    public int Renewals => _renewals;

    /// <summary>The refresh tokens that are still valid.</summary>
    public int RefreshTokens => _refreshTokens.Count;

    public static async Task<SignInIssuer> StartAsync() => new(await OpenIdIssuer.StartAsync(TimeProvider.System));

    /// <summary>The next token has these claims in place of the usual ones.</summary>
    public void NextToken(params (string Name, object? Value)[] with) => _next.Enqueue(with);

    /// <inheritdoc cref="OpenIdIssuer.In"/>
    public long In(int seconds) => _issuer.In(seconds);

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();

    private async Task AuthorizeAsync(HttpContext http)
    {
        var query = http.Request.Query;
        string Asked(string name) => query[name].ToString();
        if (Asked("client_id") != OpenIdIssuer.Audience || Asked("response_type") != "code" || Asked("code_challenge_method") != "S256"
            || Asked("code_challenge").Length != 43 || Asked("state").Length == 0 || Asked("nonce").Length == 0
            || !Uri.TryCreate(Asked("redirect_uri"), UriKind.Absolute, out var back) || !back.IsLoopback || back.PathAndQuery != "/")
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var person = http.Request.Cookies["person"];
        if (HttpMethods.IsPost(http.Request.Method))
        {
            person = (await http.Request.ReadFormAsync(http.RequestAborted))["person"].ToString();
            http.Response.Cookies.Append("person", person, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax });
        }
        else if (person is null && Asked("prompt") == "none")
        {
            Return(("error", "login_required"));
            return;
        }
        else if (person is null || Asked("prompt") == "login")
        {
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync(
                """<form method="post"><label>Person <input name="person"></label><button>This is me</button></form>""", http.RequestAborted);
            return;
        }

        if (person.Length == 0)
            Return(("error", "access_denied"));
        else
            Return(("code", Keep(_codes, new Grant(person, back.AbsoluteUri, Asked("code_challenge"), Asked("nonce")))));

        void Return((string Name, string Value) result) => http.Response.Redirect(QueryHelpers.AddQueryString(
            back.AbsoluteUri, new Dictionary<string, string?>(StringComparer.Ordinal) { [result.Name] = result.Value, ["state"] = Asked("state") }));
    }

    private async Task TokenAsync(HttpContext http)
    {
        http.Response.Headers.AccessControlAllowOrigin = "*";
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var renews = form["grant_type"] == "refresh_token";
        if (form["client_id"] != OpenIdIssuer.Audience || (renews ? Renewed(form) : Redeemed(form)) is not { } grant)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsJsonAsync(new { error = "invalid_grant" }, http.RequestAborted);
            return;
        }

        // Each has an id of its own, or two of the same second would be the same, and the second one no renewal.
        _next.TryDequeue(out var with);
        var token = _issuer.TokenWith(
            [("jti", Guid.NewGuid().ToString("N")), ("sub", grant.Person), ("name", $"{grant.Person} of Example"), ("email", $"{grant.Person}@example.com"), ("nonce", grant.Nonce), .. with ?? []]);
        Secrets.Enqueue(token);
        if (renews)
            Interlocked.Increment(ref _renewals);
        await http.Response.WriteAsJsonAsync(
            new { id_token = token, access_token = Secret(), refresh_token = Keep(_refreshTokens, grant), token_type = "Bearer", expires_in = 3600 },
            http.RequestAborted);
    }

    private async Task RevokeAsync(HttpContext http)
    {
        http.Response.Headers.AccessControlAllowOrigin = "*";
        _refreshTokens.TryRemove((await http.Request.ReadFormAsync(http.RequestAborted))["token"].ToString(), out _);
    }

    private Grant? Redeemed(IFormCollection form) =>
        _codes.TryRemove(form["code"].ToString(), out var grant) && form["redirect_uri"] == grant.RedirectUri
        && Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == grant.Challenge ? grant : null;

    private Grant? Renewed(IFormCollection form) => Renews && _refreshTokens.TryRemove(form["refresh_token"].ToString(), out var grant) ? grant : null;

    private string Keep(ConcurrentDictionary<string, Grant> grants, Grant grant)
    {
        var secret = Secret();
        grants[secret] = grant;
        return secret;
    }

    private string Secret()
    {
        var secret = $"secret-{RandomNumberGenerator.GetHexString(32)}";
        Secrets.Enqueue(secret);
        return secret;
    }

    private sealed record Grant(string Person, string RedirectUri, string Challenge, string Nonce);
}
