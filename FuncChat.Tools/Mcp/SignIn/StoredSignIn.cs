namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>The app as a client of an authorization server.</summary>
/// <param name="Issuer">The authorization server: a client's credentials are for no other.</param>
/// <param name="Secret">Null for a public client, and where the settings have the secret.</param>
/// <param name="AuthMethod">How the client authenticates at the token endpoint: `none`, `client_secret_post` or `client_secret_basic`.</param>
/// <param name="Expires">When a registration ends; null if it does not.</param>
internal sealed record OAuthClient(string Issuer, string Id, string? Secret, string AuthMethod, string RedirectUri, DateTimeOffset? Expires)
{
    /// <summary>The scope of a registration; null if it is not limited, or not known.</summary>
    public string? Scope { get; init; }

    /// <summary>When the app registered; null if it is not registered, or an earlier version did.</summary>
    public DateTimeOffset? RegisteredAt { get; init; }

    /// <summary>Whether a stored client has what it needs.</summary>
    internal bool IsWhole => Issuer is not null && Id is not null && AuthMethod is not null && RedirectUri is not null && IsPossible(Expires) && IsPossible(RegisteredAt);

    /// <summary>Whether a stored time can be computed with.</summary>
    internal static bool IsPossible(DateTimeOffset? time) => time is null or { Year: > 1900 and < 9000 };
}

/// <summary>A sign-in that the user has not completed. A new one replaces it.</summary>
internal sealed record PendingSignIn
{
    public required string State { get; init; }

    public required string Verifier { get; init; }

    public required OAuthClient Client { get; init; }

    public required Uri TokenEndpoint { get; init; }

    public Uri? RevocationEndpoint { get; init; }

    /// <summary>The `resource` parameter (RFC 8707): the token is for this server alone.</summary>
    public required string Resource { get; init; }

    /// <summary>The scope that is requested; null for none.</summary>
    public string? Scope { get; init; }

    /// <summary>Whether the response must have `iss`.</summary>
    public bool RequiresIssuer { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>Whether a stored sign-in has what it needs.</summary>
    internal bool IsWhole =>
        State is not null && Verifier is not null && Client?.IsWhole == true && TokenEndpoint is { IsAbsoluteUri: true } && RevocationEndpoint is null or { IsAbsoluteUri: true }
        && Resource is not null && OAuthClient.IsPossible(Expires);
}

/// <summary>A user's tokens for one MCP server, with what a refresh needs.</summary>
internal sealed record UserTokens
{
    public required string AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>When the access token expires; null if the authorization server did not say.</summary>
    public DateTimeOffset? Expires { get; init; }

    public required OAuthClient Client { get; init; }

    public required Uri TokenEndpoint { get; init; }

    public Uri? RevocationEndpoint { get; init; }

    public required string Resource { get; init; }

    /// <summary>The scope that the sign-in requested or that was granted; null if neither is known.</summary>
    public string? Scope { get; init; }

    /// <summary>Further scopes that calls of the server need, and that the next sign-in requests; null for none.</summary>
    public string? MissingScope { get; init; }

    /// <summary>Whether stored tokens have what they need.</summary>
    internal bool IsWhole =>
        AccessToken is not null && Client?.IsWhole == true && TokenEndpoint is { IsAbsoluteUri: true } && RevocationEndpoint is null or { IsAbsoluteUri: true }
        && Resource is not null && OAuthClient.IsPossible(Expires);
}
