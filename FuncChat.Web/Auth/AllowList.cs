using System.Text;

namespace FuncChat.Web.Auth;

/// <summary>Those of the signed-in who are let in.</summary>
/// <param name="Emails">Addresses, and `*@domain` for all of a domain.</param>
/// <param name="Roles">App roles of Entra ID.</param>
/// <param name="Groups">Object ids of groups of Entra ID.</param>
internal sealed record AllowList(IReadOnlyList<string> Emails, IReadOnlyList<string> Roles, IReadOnlyList<string> Groups)
{
    public bool IsEmpty => Emails.Count + Roles.Count + Groups.Count == 0;

    public bool Allows(Identity identity) =>
        (identity is { Email: { } email, EmailIsVerified: true } && Emails.Any(pattern => Matches(pattern, email)))
        || identity.Roles.Intersect(Roles, StringComparer.Ordinal).Any()
        || identity.Groups.Intersect(Groups, StringComparer.OrdinalIgnoreCase).Any();

    // By ASCII letters alone: to other comparisons the long s, or the dotless i, is the plain one.
    private static bool Matches(string pattern, string email)
    {
        if (!pattern.StartsWith('*'))
            return Ascii.EqualsIgnoreCase(pattern, email);
        var domain = email.LastIndexOf('@');
        return domain > 0 && Ascii.EqualsIgnoreCase(pattern.AsSpan(1), email.AsSpan(domain));
    }
}

/// <summary>Who signed in, as a sound token tells.</summary>
internal sealed record Identity(string Issuer, string Subject)
{
    public string? Email { get; init; }

    public bool EmailIsVerified { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    public IReadOnlyList<string> Groups { get; init; } = [];
}
