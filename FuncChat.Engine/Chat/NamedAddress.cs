namespace FuncChat.Engine.Chat;

/// <summary>Whether a text names an address.</summary>
internal static class NamedAddress
{
    // Characters that continue an address: a longer one is another one.
    private const string Continues = "-._~%/?&=+@:";

    /// <summary>
    /// True when the text has the whole address, with or without its scheme, "www." and a final slash. A fragment is not sent, so it does not matter.
    /// </summary>
    public static bool IsIn(string text, string url)
    {
        var address = Core(url);
        if (address.Length == 0)
            return false;
        // Domain names have no case; paths do.
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "" : address[slash..];
        for (var at = text.IndexOf(address, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(address, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + address.Length;
            if (StartsAt(text, at) && EndsAt(text, end) && text.AsSpan(end - path.Length, path.Length).SequenceEqual(path))
                return true;
        }

        return false;
    }

    private static string Core(string url)
    {
        var address = url.Trim();
        var fragment = address.IndexOf('#', StringComparison.Ordinal);
        if (fragment >= 0)
            address = address[..fragment];
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
            address = address[(scheme + 3)..];
        if (address.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            address = address[4..];
        return address.TrimEnd('/');
    }

    private static bool StartsAt(string text, int at)
    {
        var before = text.AsSpan(0, at);
        if (before.EndsWith("www.", StringComparison.OrdinalIgnoreCase))
            before = before[..^4];
        return before.IsEmpty || before.EndsWith("//") || !char.IsAsciiLetterOrDigit(before[^1]) && !"-._@/%".Contains(before[^1], StringComparison.Ordinal);
    }

    private static bool EndsAt(string text, int end)
    {
        // A slash, and the mark that ends a sentence, are no part of it.
        if (end < text.Length && text[end] == '/')
            end++;
        if (end < text.Length && ".,:?".Contains(text[end], StringComparison.Ordinal) && (end + 1 == text.Length || !IsPart(text[end + 1])))
            return true;
        return end == text.Length || !IsPart(text[end]);
    }

    private static bool IsPart(char letter) => char.IsLetterOrDigit(letter) || Continues.Contains(letter, StringComparison.Ordinal);
}
