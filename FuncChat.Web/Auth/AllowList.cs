using System.Security.Claims;
using System.Text;

namespace FuncChat.Web.Auth;

/// <summary>The signed-in users who may use the server.</summary>
/// <param name="Emails">Addresses, and `*@domain` for all addresses of a domain.</param>
/// <param name="Roles">App roles of Entra ID.</param>
/// <param name="Groups">Object ids of groups of Entra ID.</param>
internal sealed record AllowList(IReadOnlyList<string> Emails, IReadOnlyList<string> Roles, IReadOnlyList<string> Groups)
{
    public bool IsEmpty => Emails.Count + Roles.Count + Groups.Count == 0;

    /// <summary>Why the user may not use the server; null if the user may.</summary>
    public string? FindRefusal(ClaimsPrincipal user) => Allows(user) ? null
        : (Groups.Count > 0 ? user.FindFirst(UserClaims.GroupProblem)?.Value : null) ?? user.FindFirst(UserClaims.EmailProblem)?.Value ?? "You are signed in, but not allowed to use this server. Ask its administrator for access.";

    public bool Allows(ClaimsPrincipal user) =>
        Has(user, UserClaims.Email, email => IsAddress(email) && Emails.Any(address => Ascii.EqualsIgnoreCase(address, email)))
        || Has(user, UserClaims.ManagedEmail, email => IsAddress(email) && Emails.Any(pattern => MatchesDomain(pattern, email)))
        || Has(user, UserClaims.Role, role => Roles.Contains(role, StringComparer.Ordinal))
        || Has(user, UserClaims.Group, group => Groups.Contains(group, StringComparer.OrdinalIgnoreCase));

    // Compares ASCII letters only: other comparisons equate letters such as the long s or the dotless i with plain ones.
    private static bool MatchesDomain(string pattern, string email) =>
        pattern.StartsWith('*') && Ascii.EqualsIgnoreCase(pattern.AsSpan(1), email.AsSpan(email.IndexOf('@', StringComparison.Ordinal)));

    private static bool IsAddress(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == email.LastIndexOf('@') && email.All(character => character is > ' ' and < '\x7f' and not '*');
    }

    private static bool Has(ClaimsPrincipal user, string type, Func<string, bool> isAllowed) =>
        user.HasClaim(claim => claim.Type == type && isAllowed(claim.Value));
}
