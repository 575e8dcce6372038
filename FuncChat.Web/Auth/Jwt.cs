using System.Buffers;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Web.Auth;

/// <summary>
/// The form that a token must have before its signature is checked. It is stricter than the library, which also accepts padded Base64,
/// numbers as strings, repeated claims and unknown critical extensions.
/// </summary>
internal static class Jwt
{
    // Entra ID's tokens with the maximum number of groups have about 12 KB.
    public const int MaxLength = 16 * 1024;

    private const string LogoutEvents = "events";

    private static readonly SearchValues<char> Base64UrlAndDots = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    // A token of another type, such as a logout token, is no proof that its subject has signed in (RFC 8725, 3.11).
    private static readonly string[] SignInTypes = ["JWT", "at+jwt", "application/at+jwt"];

    private static readonly string[] Times = ["exp", "nbf", "iat"];

    /// <summary>The token, or null if the text is not a signed JSON Web Token in its strict form.</summary>
    public static JsonWebToken? Read(string text)
    {
        if (text.Length > MaxLength || text.AsSpan().ContainsAnyExcept(Base64UrlAndDots))
            return null;
        try
        {
            var token = new JsonWebToken(text);
            return !token.IsEncrypted && HasStrictHeader(token) && HasStrictClaims(token) ? token : null;
        }
        catch (Exception)
        {
            // The text is arbitrary, and so are the exceptions that the parsers throw for it.
            return null;
        }
    }

    /// <summary>Whether the token is an ID token or an access token.</summary>
    public static bool IsForSignIn(JsonWebToken token) =>
        (string.IsNullOrEmpty(token.Typ) || SignInTypes.Contains(token.Typ, StringComparer.OrdinalIgnoreCase))
        && !token.TryGetClaim(LogoutEvents, out _);

    // `crit` lists extensions that must be understood (RFC 7515, 4.1.11), and none is.
    private static bool HasStrictHeader(JsonWebToken token)
    {
        using var header = Parse(token.EncodedHeader);
        return !header.RootElement.TryGetProperty("crit", out _);
    }

    private static bool HasStrictClaims(JsonWebToken token)
    {
        using var claims = Parse(token.EncodedPayload);
        return Array.TrueForAll(Times, name => !claims.RootElement.TryGetProperty(name, out var time) || time.ValueKind == JsonValueKind.Number);
    }

    private static JsonDocument Parse(string part) =>
        JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(part), new JsonDocumentOptions { AllowDuplicateProperties = false });
}
