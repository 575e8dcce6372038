using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>Requests to the token, registration and revocation endpoints of an MCP server's authorization server.</summary>
internal sealed class OAuthTokens(McpServerSettings server, IConfiguration configuration, OAuthHttp http, TimeProvider time)
{
    private const int MaxToken = 16 * 1024;

    // Preferred first.
    private static readonly string[] AuthMethods = ["none", "client_secret_post", "client_secret_basic"];

    /// <summary>Registers the app as a client.</summary>
    public async Task<OAuthClient> RegisterAsync(AuthorizationServer issuer, Uri redirectUri, string? scope, CancellationToken cancellationToken)
    {
        if (issuer.RegistrationEndpoint is not { } endpoint)
            throw new SignInException($"The authorization server of the MCP server '{server.Name}' registers no clients: set ClientId, and register the app there.");
        var method = Array.Find(AuthMethods, each => issuer.AuthMethods.Contains(each, StringComparer.Ordinal)) ?? "none";
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = JsonContent.Create(
            new RegistrationRequest
            {
                ClientName = McpSignIns.AppName,
                RedirectUris = [redirectUri.AbsoluteUri],
                TokenEndpointAuthMethod = method,
                ApplicationType = redirectUri.IsLoopback ? "native" : "web",
                Scope = scope,
            },
            OAuthJson.Default.RegistrationRequest);
        var (_, registered) = await http.PostAsync(request, OAuthJson.Default.RegistrationResponse, cancellationToken);
        return registered?.ClientId is { Length: > 0 } id
            ? new OAuthClient(
                issuer.Issuer, id, registered.ClientSecret, registered.TokenEndpointAuthMethod ?? (registered.ClientSecret is null ? "none" : method), redirectUri.AbsoluteUri,
                registered.ClientSecretExpiresAt is > 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(registered.ClientSecretExpiresAt.Value) : null)
            {
                Scope = scope,
                RegisteredAt = time.GetUtcNow(),
            }
            : throw new SignInException($"The authorization server of the MCP server '{server.Name}' does not register the app: set ClientId, and register the app there.");
    }

    /// <summary>Exchanges the code of a sign-in. Without tokens, the authorization server refused it: with 401, it does not know the client.</summary>
    public async Task<(HttpStatusCode Status, UserTokens? Tokens)> ExchangeAsync(PendingSignIn pending, string code, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = pending.Client.RedirectUri,
            ["code_verifier"] = pending.Verifier,
            ["resource"] = pending.Resource,
        };
        var (status, issued) = await SendAsync(pending.TokenEndpoint, pending.Client, fields, cancellationToken);
        var tokens = new UserTokens
        {
            AccessToken = "",
            Client = pending.Client,
            TokenEndpoint = pending.TokenEndpoint,
            RevocationEndpoint = pending.RevocationEndpoint,
            Resource = pending.Resource,
            Scope = pending.Scope,
        };
        return (status, issued is null ? null : WithTokens(tokens, issued));
    }

    /// <summary>Requests new tokens. Without tokens, the authorization server refused the refresh token: with 401, it does not know the client.</summary>
    /// <exception cref="SignInException">The authorization server is unavailable.</exception>
    public async Task<(HttpStatusCode Status, UserTokens? Tokens)> RefreshAsync(UserTokens tokens, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = tokens.RefreshToken!, ["resource"] = tokens.Resource };
        var (status, issued) = await SendAsync(tokens.TokenEndpoint, tokens.Client, fields, cancellationToken);
        if (issued is null && status is not (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            throw new SignInException("The authorization server does not refresh the sign-in.");
        return (status, issued is null ? null : WithTokens(tokens, issued));
    }

    /// <summary>Revokes the tokens if the authorization server can (RFC 7009).</summary>
    public async Task RevokeAsync(UserTokens tokens, CancellationToken cancellationToken)
    {
        if (tokens.RevocationEndpoint is not { } endpoint)
            return;
        using var request = RequestFor(endpoint, tokens.Client, new Dictionary<string, string> { ["token"] = tokens.RefreshToken ?? tokens.AccessToken });
        await http.TryPostAsync(request, cancellationToken);
    }

    private async Task<(HttpStatusCode Status, TokenResponse? Issued)> SendAsync(
        Uri endpoint, OAuthClient client, Dictionary<string, string> fields, CancellationToken cancellationToken)
    {
        using var request = RequestFor(endpoint, client, fields);
        var (status, issued) = await http.PostAsync(request, OAuthJson.Default.TokenResponse, cancellationToken);
        if (status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)
            throw new SignInException("The authorization server is unavailable. Try again in a moment.", SignInFailure.Unavailable);
        return issued is null || (IsSendable(issued.AccessToken) && "Bearer".Equals(issued.TokenType, StringComparison.OrdinalIgnoreCase))
            ? (status, issued)
            : throw new SignInException("The authorization server returned no bearer token.");
    }

    // In a header.
    private static bool IsSendable(string? token) => token is { Length: > 0 and <= MaxToken } && token.All(c => c is > ' ' and <= '~');

    private HttpRequestMessage RequestFor(Uri endpoint, OAuthClient client, Dictionary<string, string> fields)
    {
        var secret = client.Secret ?? (server.ClientSecretKey is { } key && client.Id == server.ClientId ? configuration[key] : null);
        var request = new HttpRequestMessage(HttpMethod.Post, http.Check(endpoint.AbsoluteUri));
        if (secret is not null && client.AuthMethod == "client_secret_basic")
        {
            var pair = $"{Uri.EscapeDataString(client.Id)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        else
        {
            fields["client_id"] = client.Id;
            if (secret is not null && client.AuthMethod != "none")
                fields["client_secret"] = secret;
        }

        request.Content = new FormUrlEncodedContent(fields);
        return request;
    }

    // Without a new refresh token, the old one stays valid.
    private UserTokens WithTokens(UserTokens tokens, TokenResponse issued) => tokens with
    {
        AccessToken = issued.AccessToken!,
        RefreshToken = issued.RefreshToken is { Length: > 0 and <= MaxToken } next ? next : tokens.RefreshToken,
        Scope = ScopeSet.Parse(tokens.Scope).With(ScopeSet.Parse(issued.Scope)) is { IsEmpty: false } scopes ? scopes.ToString() : tokens.Scope,
        Expires = issued.ExpiresIn is > 0 and < 315_360_000 ? time.GetUtcNow() + TimeSpan.FromSeconds(issued.ExpiresIn.Value) : null,
    };
}
