namespace FuncChat.Web.Auth;

/// <summary>An OpenID Connect issuer whose tokens are accepted.</summary>
/// <param name="Name">The name of its authentication scheme, and what the page shows on its button, such as `google`.</param>
/// <param name="Authority">The issuer, which publishes its metadata under this address.</param>
/// <param name="Audiences">The accepted audiences; the first is the page's client id. Public.</param>
internal sealed record IdentityProvider(string Name, Uri Authority, IReadOnlyList<string> Audiences)
{
    public const string Google = "google";

    public const string Entra = "entra";

    private static readonly string[] Rs256 = ["RS256"];

    private static readonly string[] AnyAsymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public bool IsGoogle => Name == Google;

    public bool IsEntra => Name == Entra;

    /// <summary>The accepted signature algorithms: never a shared secret, and never `none`.</summary>
    public IReadOnlyList<string> Algorithms => IsGoogle || IsEntra ? Rs256 : AnyAsymmetric;

    /// <summary>Another form of the issuer that its tokens may contain. https://developers.google.com/identity/openid-connect/openid-connect</summary>
    public string? OtherIssuer => IsGoogle ? "accounts.google.com" : null;

    /// <summary>Whether a token's issuer is this one. Authorities are written with and without a trailing slash.</summary>
    public bool Issues(string issuer) =>
        issuer.TrimEnd('/') == Authority.AbsoluteUri.TrimEnd('/') || (OtherIssuer is not null && issuer == OtherIssuer);
}
