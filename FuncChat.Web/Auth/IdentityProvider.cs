namespace FuncChat.Web.Auth;

/// <summary>An OpenID Connect issuer whose tokens are taken.</summary>
/// <param name="Name">What the page shows on its button, such as `google`.</param>
/// <param name="Authority">The issuer, beneath which its metadata stand.</param>
/// <param name="Audiences">Whom a token must be meant for; the first is the page's client id. Public.</param>
internal sealed record IdentityProvider(string Name, Uri Authority, IReadOnlyList<string> Audiences)
{
    public const string Google = "google";

    public const string Entra = "entra";

    private static readonly string[] Rs256 = ["RS256"];

    private static readonly string[] AnyAsymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>How its tokens may be signed: never with a shared secret, and never not at all.</summary>
    public IReadOnlyList<string> Algorithms => Name is Google or Entra ? Rs256 : AnyAsymmetric;

    /// <summary>Another form of the issuer that its tokens may name. https://developers.google.com/identity/openid-connect/openid-connect</summary>
    public string? OtherIssuer => Name == Google ? "accounts.google.com" : null;

    /// <summary>
    /// Whether its addresses count though no `email_verified` says so: those of an Entra tenant are its administrators', and only one
    /// tenant is taken.
    /// </summary>
    public bool VouchesForEmail => Name == Entra;

    /// <summary>Whether its `roles` and `groups` count.</summary>
    public bool GivesRoles => Name == Entra;

    /// <summary>Whether a token's issuer is this one. Authorities are written with a slash at the end, and without.</summary>
    public bool Issues(string issuer) =>
        issuer.TrimEnd('/') == Authority.AbsoluteUri.TrimEnd('/') || (OtherIssuer is not null && issuer == OtherIssuer);
}
