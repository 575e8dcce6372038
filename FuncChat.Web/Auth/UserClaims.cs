using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FuncChat.Web.Auth;

/// <summary>
/// The claims of a signed-in caller. A principal holds only what the server relies on, none of the token's other claims, so a claim's presence means that
/// it counts.
/// </summary>
internal static class UserClaims
{
    /// <summary>The owner of the caller's turns. It is part of stored keys: never change how it is composed.</summary>
    public const string UserId = "user_id";

    /// <summary>An e-mail address that belongs to the caller.</summary>
    public const string Email = "email";

    /// <summary>An address of the caller that the provider issues on behalf of the owner of its domain.</summary>
    public const string ManagedEmail = "managed_email";

    /// <summary>Why the address in the token does not count.</summary>
    public const string EmailProblem = "email_problem";

    public const string Role = "role";

    public const string Group = "group";

    /// <summary>Why the token lists no groups.</summary>
    public const string GroupProblem = "group_problem";

    private const int MaxSubjectLength = 255;

    public static string UserIdOf(ClaimsPrincipal principal) => principal.FindFirstValue(UserId)!;

    /// <summary>The caller's e-mail address, if the token has one that counts.</summary>
    public static string? EmailOf(ClaimsPrincipal principal) => principal.FindFirstValue(Email);

    /// <summary>The roles and groups of the caller.</summary>
    public static IReadOnlyList<string> RolesOf(ClaimsPrincipal principal) => [.. principal.Claims.Where(claim => claim.Type is Role or Group).Select(claim => claim.Value)];

    /// <summary>The caller that a valid token names; null if it has no subject.</summary>
    public static ClaimsPrincipal? OfToken(JsonWebToken token, IdentityProvider provider)
    {
        if (token.Subject is not { Length: > 0 and <= MaxSubjectLength } subject)
            return null;
        List<Claim> claims = [new(UserId, $"{provider.Authority.AbsoluteUri.TrimEnd('/')} {subject}")];
        claims.AddRange(provider.IsEntra ? EmailOfEntra(token) : EmailOf(token, provider));
        if (provider.IsEntra)
        {
            claims.AddRange(ValuesOf(token, "roles").Select(role => new Claim(Role, role)));
            claims.AddRange(ValuesOf(token, "groups").Select(group => new Claim(Group, group)));
            if (LacksGroups(token))
                claims.Add(new Claim(GroupProblem, "You are in more groups than a token can list: ask the administrator of this server to give you an app role."));
        }

        return Principal(provider.Name, claims);
    }

    private static IEnumerable<Claim> EmailOf(JsonWebToken token, IdentityProvider provider)
    {
        if (ValueOf(token, "email") is not { } email)
            yield break;

        // A boolean that some issuers write as a string.
        if (!IsTrue(token, "email_verified"))
        {
            yield return new Claim(EmailProblem, "Your e-mail address is not verified. Verify it with your identity provider.");
            yield break;
        }

        yield return new Claim(Email, email);

        // A consumer account keeps its verified address after the person has left the organization: only a Workspace account has `hd`.
        // https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
        if (!provider.IsGoogle || ValueOf(token, "hd") is not null || email.EndsWith("@gmail.com", StringComparison.OrdinalIgnoreCase))
            yield return new Claim(ManagedEmail, email);
    }

    // A guest's address is set by the guest's own tenant. `acct` is 0 for members; `xms_edov` is true if the owner of the domain has verified it.
    // Both are optional claims of the app registration.
    private static IEnumerable<Claim> EmailOfEntra(JsonWebToken token)
    {
        var isMember = ValueOf(token, "acct") == "0";
        var isVerified = IsTrue(token, "xms_edov") || ValueOf(token, "xms_edov") == "1";
        var email = ValueOf(token, "email") ?? (isMember ? ValueOf(token, "preferred_username") : null);
        if (email is null)
            yield break;
        if (isMember || isVerified)
        {
            yield return new Claim(Email, email);
            yield return new Claim(ManagedEmail, email);
        }
        else
        {
            yield return new Claim(EmailProblem, "Your token does not show that your e-mail address is verified: ask the administrator of this server to add "
                + "the optional claim acct or xms_edov to the app registration, or to give you an app role.");
        }
    }

    // https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim
    private static bool LacksGroups(JsonWebToken token) =>
        IsTrue(token, "hasgroups") || (token.TryGetPayloadValue("_claim_names", out JsonElement elsewhere) && elsewhere is { ValueKind: JsonValueKind.Object } && elsewhere.TryGetProperty("groups", out _));

    private static bool IsTrue(JsonWebToken token, string name) => string.Equals(ValueOf(token, name), "true", StringComparison.OrdinalIgnoreCase);

    private static string? ValueOf(JsonWebToken token, string name) => ValuesOf(token, name) is [{ Length: > 0 } value] ? value : null;

    private static List<string> ValuesOf(JsonWebToken token, string name) =>
        [.. token.Claims.Where(claim => claim.Type == name).Select(claim => claim.Value)];

    private static ClaimsPrincipal Principal(string scheme, IEnumerable<Claim> claims) => new(new ClaimsIdentity(claims, scheme));
}
