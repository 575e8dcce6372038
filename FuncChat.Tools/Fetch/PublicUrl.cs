using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FuncChat.Tools.Fetch;

/// <summary>
/// Whether an address that another server fetches, such as a model's provider, is on the public internet, as far as its text shows. That server reads the text in its own
/// way, and may be inside the operator's network. So only spellings that all parsers read alike are accepted.
/// </summary>
public static class PublicUrl
{
    private static readonly string[] Schemes = ["https://", "http://"];

    // Top-level names that are not delegated, or not to the public (RFC 6761, RFC 6762 appendix G, RFC 9476, and those of Kubernetes, Consul and home routers).
    private static readonly HashSet<string> PrivateNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "corp", "home", "mail", "domain", "workgroup", "arpa", "svc", "default", "consul", "docker",
        "lxd", "mesh", "onion", "alt", "invalid",
    };

    // Letters that other software reads as ASCII or as nothing (Unicode's compatibility characters and default ignorables), such as ⓐ, ａ, 𝐚, ᵃ and variation selectors.
    private static readonly (int First, int Last)[] Folded =
    [
        (0xAA, 0xAA), (0xBA, 0xBA), (0x130, 0x130), (0x132, 0x133), (0x13F, 0x140), (0x149, 0x149), (0x17F, 0x17F), (0x1C4, 0x1CC), (0x1F1, 0x1F3), (0x2B0, 0x2FF),
        (0x34F, 0x34F), (0x37A, 0x37A), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x1D2C, 0x1DBF), (0x1E9A, 0x1E9E), (0x2000, 0x2BFF), (0x2C7C, 0x2C7D),
        (0x3164, 0x3164), (0xA7F2, 0xA7F4), (0xFB00, 0xFDFF), (0xFE00, 0xFE0F), (0xFE70, 0xFEFF), (0xFF00, 0xFFEF), (0x10780, 0x107BF), (0x1D400, 0x1D7FF),
        (0x1EE00, 0x1EEFF), (0x1F000, 0x1FBFF), (0xE0000, 0xE0FFF),
    ];

    /// <summary>Whether the text is an http or https address with a public host, without a user name.</summary>
    public static bool Is(string url)
    {
        if (!Array.Exists(Schemes, scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            || !IsPlain(AuthorityOf(url)) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Port == 0 || AsciiHost.Of(uri) is not { } host)
            return false;
        if (host.EndsWith('.'))
            host = host[..^1];
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var ip))
            return IsPublicName(host.Split('.'));

        // Parsers disagree about 010.0.0.1, which is 8.0.0.1 to some and 10.0.0.1 to others, and about fewer parts.
        return PublicAddress.Is(ip) && (ip.AddressFamily is AddressFamily.InterNetworkV6 || url.AsSpan(url.IndexOf("://", StringComparison.Ordinal) + 3).StartsWith(ip.ToString(), StringComparison.Ordinal));
    }

    private static ReadOnlySpan<char> AuthorityOf(ReadOnlySpan<char> url)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var slash = rest.IndexOf('/');
        var start = slash < 0 ? rest : rest[..slash];
        var end = start.IndexOfAny('?', '#');
        return end < 0 || start.ContainsAny('@', '\\') ? start : start[..end]; // to some parsers, the host follows an "@" even after these
    }

    // Without user names, percent-encoding, backslashes and white space, which parsers disagree about.
    private static bool IsPlain(ReadOnlySpan<char> authority)
    {
        var colon = authority.LastIndexOf(':');
        if (colon > authority.LastIndexOf(']'))
        {
            if (authority[(colon + 1)..].ContainsAnyExceptInRange('0', '9'))
                return false;
            authority = authority[..colon];
        }

        if (authority is ['[', .. var address, ']'])
            return IPAddress.TryParse(address, out _) && !address.Contains('%');
        foreach (var letter in authority.EnumerateRunes())
        {
            if (letter.IsAscii ? !char.IsAsciiLetterOrDigit((char)letter.Value) && letter.Value is not ('-' or '.' or '_') : !IsOwnLetter(letter))
                return false;
        }

        return !authority.IsEmpty;
    }

    // Middle dots of Catalan and Japanese, geresh and gershayim of Hebrew: marks within words (RFC 5892 appendix A).
    private static bool IsOwnLetter(Rune letter) => letter.Value is 0xB7 or 0x30FB or 0x5F3 or 0x5F4 || IsLetter(letter);

    private static bool IsLetter(Rune letter) =>
        Rune.GetUnicodeCategory(letter) is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
        && !Array.Exists(Folded, range => letter.Value >= range.First && letter.Value <= range.Last);

    // Punycode without a letter beyond ASCII: some parsers read xn--internal- as "internal".
    private static bool IsEncodedAscii(string label) => label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) && label.EndsWith('-');

    // The last part of a public name is letters, or an international name; numbers there are another spelling of an IP address.
    private static bool IsPublicName(string[] labels) =>
        labels.Length > 1 && !Array.Exists(labels, label => label.Length == 0 || label[0] == '-' || IsEncodedAscii(label))
        && (labels[^1].StartsWith("xn--", StringComparison.OrdinalIgnoreCase) || labels[^1].Length > 1 && labels[^1].All(char.IsAsciiLetter))
        && !PrivateNames.Contains(labels[^1]);
}
