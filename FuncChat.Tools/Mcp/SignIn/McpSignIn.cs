using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>
/// Signs users in to one MCP server by OAuth's authorization code flow with PKCE. The SDK's own flow keeps its verifier in memory and waits for the browser;
/// here, the user may take minutes, and return to another instance.
/// </summary>
internal sealed partial class McpSignIn(McpServerSettings server, IConfiguration configuration, INetwork network, ISecretStore? secrets, TimeProvider time) : IDisposable
{
    /// <summary>How long the user has to sign in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly SignInStorage _storage = new(server.Name, secrets, server.Issuer);
    private readonly OAuthHttp _http = new(server.Url!, network, time);

    /// <summary>Whether tokens of the user are stored, and whether a call needs more access than they have.</summary>
    public async Task<(bool IsSignedIn, bool NeedsAccess)> StateAsync(string user, CancellationToken cancellationToken) =>
        await _storage.ReadTokensAsync(user, cancellationToken) is { } tokens ? (true, tokens.MissingScope is not null) : (false, false);

    /// <summary>Starts a sign-in.</summary>
    /// <returns>The address to open in the user's browser.</returns>
    /// <exception cref="SignInException">The server offers no sign-in that works.</exception>
    public async Task<Uri> StartAsync(string user, AppAddresses app, CancellationToken cancellationToken)
    {
        var issuer = await new OAuthDiscovery(server, _http).FindAsync(cancellationToken);
        var scope = await ScopeAsync(user, issuer, cancellationToken);

        // An authorization server that has lost a registration shows an error and does not send the browser back.
        if (await _storage.ReadPendingAsync(user, cancellationToken) is { } abandoned && abandoned.Client.RedirectUri == app.Redirect.AbsoluteUri)
            await ReplaceClientAsync(abandoned.Client, cancellationToken);
        var client = await ClientAsync(issuer, app, scope, cancellationToken);
        var pending = new PendingSignIn
        {
            State = SignInState.New(server.Name, app.Page).ToString(),
            Verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            Client = client,
            TokenEndpoint = issuer.TokenEndpoint,
            RevocationEndpoint = issuer.RevocationEndpoint,
            Resource = issuer.Resource,
            Scope = scope,
            RequiresIssuer = issuer.ReturnsIssuer,
            Expires = time.GetUtcNow() + Lifetime,
        };
        await _storage.WritePendingAsync(user, pending, cancellationToken);
        return AddressOf(issuer, pending);
    }

    /// <summary>Completes the user's pending sign-in. It can be completed once.</summary>
    /// <exception cref="SignInException">It is not the user's own, it has expired, or the authorization server refused it.</exception>
    public async Task CompleteAsync(string user, SignInResponse response, CancellationToken cancellationToken)
    {
        if (await _storage.ReadPendingAsync(user, cancellationToken) is not { } waiting || !IsSame(waiting.State, response.State)
            || await _storage.TakePendingAsync(user, cancellationToken) is not { } pending || !IsSame(pending.State, response.State))
        {
            throw Refused("This sign-in is unknown or was already used. Start it again.");
        }

        if (time.GetUtcNow() >= pending.Expires)
            throw Refused("This sign-in took too long. Start it again.");
        if (response.Issuer is null ? pending.RequiresIssuer : response.Issuer != pending.Client.Issuer)
            throw Refused("The sign-in was completed by another authorization server.");
        if (response.Error is "unauthorized_client" or "invalid_client")
            await ReplaceClientAsync(pending.Client, cancellationToken);
        if (response.Error is { } error)
            throw Refused(error == "access_denied" ? "You did not grant access." : $"The authorization server refused the sign-in{(ErrorName().IsMatch(error) ? $" ({error})" : "")}.");
        if (response.Code is not { Length: > 0 } code)
            throw Refused("The sign-in has no code.");
        var (status, tokens) = await ExchangeAsync(user, pending, code, cancellationToken);
        if (tokens is null)
        {
            if (status == HttpStatusCode.Unauthorized)
                await _storage.RemoveClientAsync(pending.Client, cancellationToken);
            throw new SignInException("The authorization server does not accept the sign-in.");
        }

        // Otherwise a refresh of the earlier tokens could replace these.
        await using var held = await _storage.LockTokensAsync(user, cancellationToken);
        await _storage.WriteTokensAsync(user, tokens, cancellationToken);
    }

    /// <summary>The user's access token, refreshed if it has expired.</summary>
    /// <exception cref="SignInRequiredException">The user must sign in.</exception>
    /// <exception cref="SignInException">The authorization server is unavailable.</exception>
    public async Task<string> TokenAsync(string user, CancellationToken cancellationToken)
    {
        var tokens = await _storage.ReadTokensAsync(user, cancellationToken) ?? throw new SignInRequiredException(server.Name);
        return IsValid(tokens) ? tokens.AccessToken : await RefreshAsync(user, tokens.AccessToken, cancellationToken);
    }

    /// <summary>A token in place of one that has expired, or that the server refused.</summary>
    /// <inheritdoc cref="TokenAsync" path="/exception"/>
    public Task<string> RefreshAsync(string user, string refused, CancellationToken cancellationToken) =>
        RefreshToEndAsync(user, refused, cancellationToken).WaitAsync(cancellationToken);

    // A refresh that is sent is completed even if its caller leaves: otherwise, with rotation, the user would have to sign in again.
    private async Task<string> RefreshToEndAsync(string user, string refused, CancellationToken cancellationToken)
    {
        // With rotation, a refresh token can be used once, by one instance.
        await using var held = await _storage.LockTokensAsync(user, cancellationToken);
        var tokens = await _storage.ReadTokensAsync(user, cancellationToken) ?? throw new SignInRequiredException(server.Name);
        if (tokens.AccessToken != refused && IsValid(tokens))
            return tokens.AccessToken;
        if (tokens.RefreshToken is not null)
        {
            var (status, fresh) = await Tokens().RefreshAsync(tokens, CancellationToken.None);
            if (fresh is not null)
            {
                await _storage.WriteTokensAsync(user, fresh, CancellationToken.None);
                return fresh.AccessToken;
            }

            if (status == HttpStatusCode.Unauthorized)
                await _storage.RemoveClientAsync(tokens.Client, CancellationToken.None);
        }

        await _storage.TakeTokensAsync(user, CancellationToken.None);
        throw new SignInRequiredException(server.Name);
    }

    /// <summary>Keeps the scopes that a request needs: the user's next sign-in requests them together with the earlier ones.</summary>
    /// <param name="refused">The token that the server accepts, but not for the request.</param>
    /// <returns>A token to retry with, if the user has granted the scopes meanwhile; null if another sign-in would change nothing.</returns>
    /// <exception cref="SignInRequiredException">The user must grant the scopes.</exception>
    public async Task<string?> RequestScopesAsync(string user, string refused, ScopeSet scopes, CancellationToken cancellationToken)
    {
        // The settings limit what users grant.
        if (server.Scope is not null)
            return null;
        await using var held = await _storage.LockTokensAsync(user, cancellationToken);
        if (await _storage.ReadTokensAsync(user, cancellationToken) is not { } tokens)
            throw new SignInRequiredException(server.Name);
        var granted = ScopeSet.Parse(tokens.Scope);
        if (scopes.IsWithin(granted))
            return tokens.AccessToken == refused ? null : tokens.AccessToken;
        var missing = ScopeSet.Parse(tokens.MissingScope).With(scopes).Without(granted);
        if (!missing.IsWithin(ScopeSet.Parse(tokens.MissingScope)))
            await _storage.WriteTokensAsync(user, tokens with { MissingScope = missing.ToString() }, cancellationToken);
        throw new SignInRequiredException(server.Name, scopes);
    }

    /// <summary>Deletes the user's tokens, and revokes them if the authorization server can.</summary>
    public async Task SignOutAsync(string user, CancellationToken cancellationToken)
    {
        await _storage.TakePendingAsync(user, cancellationToken);
        if (await TakeTokensAsync() is { } tokens)
            await Tokens().RevokeAsync(tokens, cancellationToken);

        // A refresh in progress would store new ones.
        async Task<UserTokens?> TakeTokensAsync()
        {
            await using var held = await _storage.LockTokensAsync(user, cancellationToken);
            return await _storage.TakeTokensAsync(user, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private static SignInException Refused(string message) => new(message, SignInFailure.Request);

    private static bool IsSame(string expected, string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    private static Uri AddressOf(AuthorizationServer issuer, PendingSignIn pending)
    {
        var parameters = new List<KeyValuePair<string, string?>>
        {
            new("response_type", "code"),
            new("client_id", pending.Client.Id),
            new("redirect_uri", pending.Client.RedirectUri),
            new("state", pending.State),
            new("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(pending.Verifier)))),
            new("code_challenge_method", "S256"),
            new("resource", pending.Resource),
            new("scope", pending.Scope),
        };
        var query = string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!)}"));
        var address = new UriBuilder(issuer.AuthorizationEndpoint) { Fragment = "" };
        address.Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{query}" : query;
        return address.Uri;
    }

    private bool IsValid(UserTokens tokens) => tokens.Expires is not { } expires || time.GetUtcNow() < expires - Margin;

    private OAuthTokens Tokens() => new(server, configuration, _http, time);

    private async Task<(HttpStatusCode Status, UserTokens? Tokens)> ExchangeAsync(string user, PendingSignIn pending, string code, CancellationToken cancellationToken)
    {
        try
        {
            return await Tokens().ExchangeAsync(pending, code, cancellationToken);
        }
        catch (SignInException failure) when (failure.Failure == SignInFailure.Unavailable)
        {
            // The code may still be valid. A newer sign-in stays.
            if (await _storage.ReadPendingAsync(user, cancellationToken) is null)
                await _storage.WritePendingAsync(user, pending, cancellationToken);
            throw;
        }
    }

    // A sign-in that asks for more access keeps the earlier one.
    private async Task<string?> ScopeAsync(string user, AuthorizationServer issuer, CancellationToken cancellationToken)
    {
        if (server.Scope is not null || await _storage.ReadTokensAsync(user, cancellationToken) is not { MissingScope: { } missing } tokens)
            return issuer.Scope;
        var all = ScopeSet.Parse(issuer.Scope).With(ScopeSet.Parse(tokens.Scope)).With(ScopeSet.Parse(missing));
        return all.IsEmpty ? issuer.Scope : all.ToString();
    }

    // One registration serves all users of a redirect URI.
    private async Task<OAuthClient> ClientAsync(AuthorizationServer issuer, AppAddresses app, string? scope, CancellationToken cancellationToken)
    {
        if (server.ClientId is { } id)
        {
            var method = server.ClientSecretKey is null ? "none" : issuer.AuthMethods.Contains("client_secret_post", StringComparer.Ordinal) ? "client_secret_post" : "client_secret_basic";
            return new OAuthClient(issuer.Issuer, id, null, method, app.Redirect.AbsoluteUri, null);
        }

        if (issuer.ReadsClientMetadata && await _http.IsReadableAsync(app.ClientMetadata, cancellationToken))
            return new OAuthClient(issuer.Issuer, app.ClientMetadata.AbsoluteUri, null, "none", app.Redirect.AbsoluteUri, null);

        var known = await FindClientAsync(issuer, app.Redirect, cancellationToken);
        if (IsEnough(known))
            return known;
        await using var held = await _storage.LockClientsAsync(cancellationToken);
        known = await FindClientAsync(issuer, app.Redirect, cancellationToken);
        if (IsEnough(known))
            return known;

        // With the scope of the earlier registration, so that users with different scopes share one.
        var all = ScopeSet.Parse(known?.Scope).With(ScopeSet.Parse(scope));
        var client = await Tokens().RegisterAsync(issuer, app.Redirect, all.IsEmpty ? scope : all.ToString(), cancellationToken);
        await _storage.AddClientAsync(client, cancellationToken);
        return client;

        // An authorization server may refuse a scope that was not registered.
        bool IsEnough([NotNullWhen(true)] OAuthClient? client) => client is not null && ScopeSet.Parse(scope).IsWithin(ScopeSet.Parse(client.Scope ?? issuer.Scope));
    }

    // The next sign-in registers the app again. Users start and abandon any number: a registration lasts at least as long as one of them.
    private Task ReplaceClientAsync(OAuthClient client, CancellationToken cancellationToken) =>
        client.RegisteredAt is { } registered && time.GetUtcNow() < registered + Lifetime ? Task.CompletedTask : _storage.RemoveClientAsync(client, cancellationToken);

    private async Task<OAuthClient?> FindClientAsync(AuthorizationServer issuer, Uri redirectUri, CancellationToken cancellationToken) =>
        (await _storage.ReadClientsAsync(cancellationToken)).FirstOrDefault(client => client.Issuer == issuer.Issuer && client.RedirectUri == redirectUri.AbsoluteUri
            && (client.Expires is not { } expires || time.GetUtcNow() + Lifetime < expires));

    [GeneratedRegex(@"^[a-z_]{1,40}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ErrorName();
}
