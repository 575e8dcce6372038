using System.Globalization;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Chat;

/// <summary>Whether a text names an address.</summary>
internal static class NamedAddress
{
    private const string Www = "www.";

    // A text may name a host on and on, and each place takes time. After these, the user is asked.
    private const int MaxExamined = 1000;
    private const int MaxWord = 256;

    /// <summary>
    /// True when the text has the whole address: every character of its path and query that is sent, with or without its scheme, "www." and a final slash. A
    /// fragment is not sent, so it does not matter.
    /// </summary>
    /// <param name="url">The address that is fetched, not the text that the model wrote for it.</param>
    public static bool IsIn(string text, Uri url)
    {
        if (AsciiHost.Of(url) is not { } ascii)
            return false;
        string[] spellings = [url.Host, ascii, International(ascii)];
        var hosts = spellings.Select(WithoutWww).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return TextReadings.Of(text).Any(reading => hosts.Exists(host => Find(reading, host, url)));
    }

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
            examined++;
            if (StartOf(text, at) is { } start && AddressEnds.Of(text, start, at + host.Length).Any(end => IsSame(text[start..end], url)))
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

        return before.EndsWith("//") || CanPrecede(before) ? before.Length : null;
    }

    // The mark of an item or of emphasis, a label with its colon, and a word of a script without spaces can touch a host. None of them may be a part of an address.
    private static bool CanPrecede(ReadOnlySpan<char> before)
    {
        var parts = "@/%:\\";
        if (before is [.., '-' or '.' or '_'])
        {
            before = before.TrimEnd("-._");
        }
        else if (before is [.., ':'] || before is [.., var letter] && UnspacedScripts.Contains(letter))
        {
            var word = before is [.., ':'] ? before[..^1] : before;
            var start = word.Length;
            var limit = Math.Max(0, start - MaxWord);
            while (start > limit && (char.IsLetterOrDigit(word[start - 1]) || UnspacedScripts.Contains(word[start - 1])))
                start--;
            if (start == word.Length)
                return false;
            before = word[..start];
            parts = "@/%:\\-._";
        }

        return before.IsEmpty || !char.IsLetterOrDigit(before[^1]) && !parts.Contains(before[^1], StringComparison.Ordinal);
    }

    // All that a server receives must be the same; the scheme, "www." and a final slash are spelling. A backslash is a slash to some, and an escape to others.
    private static bool IsSame(string candidate, Uri url)
    {
        var path = candidate.AsSpan();
        if (path.IndexOfAny('?', '#') is var end and >= 0)
            path = path[..end];
        var whole = candidate.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || candidate.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? candidate
            : $"{url.Scheme}://{candidate}";
        return !path.Contains('\\')
            && Uri.TryCreate(whole, UriKind.Absolute, out var named)
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
}
