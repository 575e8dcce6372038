using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>The authentication scheme for API keys. The server knows only their SHA-256 hashes.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AuthSettings> settings)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The scheme's name. No identity provider can have it, since theirs are lowercase.</summary>
    public new const string Scheme = "ApiKey";

    private const int MaxKeyLength = 256;

    // The prefix tells a key from a token, and lets secret scanners find leaked keys. Keys with the second prefix were issued up to version 0.1.
    public static bool HasKeyPrefix(string text) => text.StartsWith("fchat_", StringComparison.Ordinal) || text.StartsWith("fck_", StringComparison.Ordinal);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credential = RequestCredential.Of(Request);
        var result = !credential.Succeeded || !credential.Value.IsApiKey ? AuthenticateResult.NoResult()
            : FindName(credential.Value.Text) is { } name ? AuthenticateResult.Success(new AuthenticationTicket(UserClaims.OfApiKey(name), Scheme))
            : AuthenticateResult.Fail(new SignInException(SignInErrors.UnknownApiKey));
        return Task.FromResult(result);
    }

    // Compares with every known hash in constant time, so that timing reveals nothing.
    private string? FindName(string key)
    {
        if (key.Length > MaxKeyLength || !HasKeyPrefix(key))
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        string? name = null;
        foreach (var known in settings.Value.ApiKeys)
        {
            if (CryptographicOperations.FixedTimeEquals(known.Hash, hash))
                name = known.Name;
        }

        return name;
    }
}
