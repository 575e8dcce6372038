namespace FuncChat.Web.Auth;

/// <summary>Who may use the server. Made by <see cref="AuthSettingsReader"/>.</summary>
internal sealed record AuthSettings
{
    public IReadOnlyList<IdentityProvider> Providers { get; init; } = [];

    public IReadOnlyList<HashedApiKey> ApiKeys { get; init; } = [];

    public AllowList Allowed { get; init; } = new([], [], []);

    /// <summary>Whether the server can be used without sign-in, from anywhere.</summary>
    public bool AllowAnonymous { get; init; }

    public bool SignInRequired => Providers.Count > 0 || ApiKeys.Count > 0;

    /// <summary>Whether the server is for the machine that it runs on alone.</summary>
    public bool LoopbackOnly => !SignInRequired && !AllowAnonymous;
}

/// <summary>A program's key, as its SHA-256. A long random key needs no salt.</summary>
/// <param name="UserHeader">The header in which the program may name its user; null if it is not trusted to.</param>
internal sealed record HashedApiKey(string Name, byte[] Hash, string? UserHeader = null);
