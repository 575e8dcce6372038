using System.Globalization;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Chat;

/// <summary>Whether a text names an address.</summary>
internal static class NamedAddress
{
    private const string Www = "www.";

    // Characters of addresses other than letters and digits (RFC 3986).
    private const string Marks = "-._~:/?#[]@!$&'()*+,;=%";

    // Marks that can also follow an address in a sentence or in Markdown.
    private const string Trailing = ".,:;!?'*_~)]";

    // A text may name a host on and on, and each place takes time. After these, the user is asked.
    private const int MaxExamined = 1000;

    // At most "**'?!" and the like.
    private const int MaxTrailing = 8;

    /// <summary>
    /// True when the text has the whole address: every character of its path and query that is sent, with or without its scheme, "www." and a final slash. A
    /// fragment is not sent, so it does not matter.
    /// </summary>
    /// <param name="url">The address that is fetched, not the text that the model wrote for it.</param>
    public static bool IsIn(string text, Uri url)
    {
        if (AsciiHost.Of(url) is not { } ascii)
            return false;
        if (HasWhole(text, url.OriginalString))
            return true;
        string[] spellings = [url.Host, ascii, International(ascii)];
        return spellings.Select(WithoutWww).Distinct(StringComparer.OrdinalIgnoreCase).Any(host => Find(text, host, url));
    }

    // Letter for letter, between spaces or the like: so also with characters that no address should have, such as a "|" or an en dash.
    private static bool HasWhole(string text, string address)
    {
        var examined = 0;
        for (var at = text.IndexOf(address, StringComparison.Ordinal); at >= 0 && examined < MaxExamined; at = text.IndexOf(address, at + 1, StringComparison.Ordinal))
        {
            examined++;
            if (IsEdge(text, at - 1, "(<\"[") && IsEdge(text, at + address.Length, ">\""))
                return true;
        }

        return false;
    }

    private static bool IsEdge(string text, int at, string marks) =>
        at < 0 || at >= text.Length || char.IsWhiteSpace(text[at]) || marks.Contains(text[at], StringComparison.Ordinal);

    private static string International(string host)
    {
        try
        {
            return new IdnMapping().GetUnicode(host);
        }
        catch (ArgumentException)
        {
            return host;
        }
    }

    private static bool Find(string text, string host, Uri url)
    {
        var examined = 0;
        for (var at = text.IndexOf(host, StringComparison.OrdinalIgnoreCase); at >= 0 && examined < MaxExamined; at = text.IndexOf(host, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (StartOf(text, at) is not { } start)
                continue;
            examined++;
            if (IsAt(text, start, at + host.Length, url))
                return true;
        }

        return false;
    }

    // Null where the host is only a part of a longer one, of a path or of a mail address.
    private static int? StartOf(string text, int host)
    {
        var before = text.AsSpan(0, host);
        if (before.EndsWith(Www, StringComparison.OrdinalIgnoreCase))
            before = before[..^Www.Length];
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://"])
        {
            if (before.EndsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return before.Length - scheme.Length;
        }

        return before.IsEmpty || before.EndsWith("//") || !char.IsLetterOrDigit(before[^1]) && !"-._@/%:\\".Contains(before[^1], StringComparison.Ordinal)
            ? before.Length
            : null;
    }

    private static bool IsAt(string text, int start, int hostEnd, Uri url)
    {
        var end = EndOf(text, start, hostEnd);
        if (end - start > WebUrl.MaxLength)
            return false;
        for (var shortest = Math.Max(hostEnd, end - MaxTrailing); ; end--)
        {
            if (IsSame(text[start..end], url))
                return true;
            if (end == shortest || !Trailing.Contains(text[end - 1], StringComparison.Ordinal))
                return false;
        }
    }

    // A bracket or quote that was opened before the address ends it, and so does the next address of a list.
    private static int EndOf(string text, int start, int hostEnd)
    {
        var isQuoted = start > 0 && text[start - 1] == '\'';
        var round = 0;
        var square = 0;
        var limit = Math.Min(text.Length, start + WebUrl.MaxLength + 1);
        var end = hostEnd;
        for (; end < limit && IsPart(text[end]); end++)
        {
            round += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
            square += text[end] == '[' ? 1 : text[end] == ']' ? -1 : 0;
            if (round < 0 || square < 0 || isQuoted && text[end] == '\''
                || text[end] is ',' or ';' && text.AsSpan(end + 1).StartsWith("http", StringComparison.OrdinalIgnoreCase))
                break;
        }

        return end;
    }

    // All that a server receives must be the same; the scheme, "www." and a final slash are spelling.
    private static bool IsSame(string candidate, Uri url)
    {
        var whole = candidate.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || candidate.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? candidate
            : $"{url.Scheme}://{candidate}";
        return Uri.TryCreate(whole, UriKind.Absolute, out var named)
            && PortOf(named) == PortOf(url)
            && PathOf(named) == PathOf(url)
            && named.UserInfo.Length == 0
            && WithoutWww(AsciiHost.Of(named) ?? "").Equals(WithoutWww(AsciiHost.Of(url)!), StringComparison.OrdinalIgnoreCase);
    }

    private static int PortOf(Uri url) => url.IsDefaultPort ? 0 : url.Port;

    // One slash only: their number could be a message.
    private static string PathOf(Uri url) => url.Query.Length == 0 && url.PathAndQuery.EndsWith('/') ? url.PathAndQuery[..^1] : url.PathAndQuery;

    private static string WithoutWww(string host) =>
        host.StartsWith(Www, StringComparison.OrdinalIgnoreCase) && host.AsSpan(Www.Length).Contains('.') ? host[Www.Length..] : host;

    private static bool IsPart(char letter) => char.IsLetterOrDigit(letter) || char.IsSurrogate(letter) || IsCombining(letter) || Marks.Contains(letter, StringComparison.Ordinal);

    // Vowel signs and accents, which many scripts write after a letter.
    private static bool IsCombining(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
