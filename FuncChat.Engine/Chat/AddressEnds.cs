using System.Globalization;
using System.Text;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Where an address in a text may end. It continues to white space, a quote or a bracket that was opened before it, also over characters that no address should
/// have, such as "|": its beginning alone is another address, which the text does not name. Only marks of a sentence or of Markdown at its end, a possessive and a
/// word of a script without spaces can touch an address, so these may be left out.
/// </summary>
internal static class AddressEnds
{
    // Characters of addresses other than letters and digits (RFC 3986).
    private const string Marks = "-._~:/?#[]@!$&'()*+,;=%";

    private const string Opening = "([{（［｛「『【《〈〔〖〘〚";
    private const string Closing = ")]}）］｝」』】》〉〕〗〙〛";

    // Never within an address.
    private const string Ending = "<>`“”„‟«»‹›\u200B\u200E\u200F\u2060\uFEFF";

    // Marks between sentences. One of them can be the last letter of a title, and so of an address.
    private const string Separating = "。、，．；：？！｜｡､…—―•←→⇒";

    // Before and after an address: a cell of a table, a field of a list, emphasis, a quote.
    private const string Enclosing = "'|*~,;";

    private const string Trailing = ".,:;!?'*_~)]}{|^\\";

    private const string Apostrophes = "'’‘ʼ´＇";

    // After these, a letter of a script without spaces is the first of a name or a value.
    private const string BeforeNames = "/=_-&";

    // At the end of an address, the marks are left out one by one, and then those that repeat together.
    private const int MaxSteps = 8;
    private const int MaxEnds = 24;

    /// <summary>The ends, the longest first; none where the address is longer than any that is fetched.</summary>
    /// <param name="start">Where the address begins.</param>
    /// <param name="hostEnd">Where its host ends.</param>
    public static IEnumerable<int> Of(string text, int start, int hostEnd)
    {
        if (FindFarthest(text, start, hostEnd) is { } end && end - start <= WebUrl.MaxLength)
        {
            foreach (var each in Shorten(text, hostEnd, end))
                yield return each;
        }

        if (FindWord(text, hostEnd) is { } word)
            yield return word;
    }

    // Null for an address within another one that has characters which no address should have.
    private static int? FindFarthest(string text, int start, int hostEnd)
    {
        var isWithin = start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || "/?&=%#+@$-._:".Contains(text[start - 1], StringComparison.Ordinal));
        var enclosing = EnclosingOf(text, start);
        var opened = new int[Opening.Length];
        var limit = Math.Min(text.Length, start + WebUrl.MaxLength + 1);
        int? separator = null;
        for (var end = hostEnd; end < limit; end++)
        {
            var letter = text[end];
            if (letter == enclosing || Ends(text, start, end, opened) || IsNextOfList(text, end))
                return end;
            if (Closing.IndexOf(letter, StringComparison.Ordinal) is var closing and >= 0 && --opened[closing] < 0)
                return end;
            if (Separates(text, hostEnd, end))
                separator ??= end;
            else if (isWithin && !IsOfAddress(letter))
                return null;
            else if (separator is not null && !IsTrailing(new Rune(char.IsSurrogate(letter) ? 'a' : letter)))
                return separator;
            if (Opening.IndexOf(letter, StringComparison.Ordinal) is var opening and >= 0)
                opened[opening]++;
        }

        return limit;
    }

    // The semicolon of an HTML entity encloses nothing.
    private static char? EnclosingOf(string text, int start) =>
        start == 0 ? null
        : text[start - 1] == '‘' ? '’'
        : !Enclosing.Contains(text[start - 1], StringComparison.Ordinal) || text[start - 1] == ';' && text.AsSpan(Math.Max(0, start - 9), Math.Min(start, 9)).Contains('&') ? null
        : text[start - 1];

    // A quote can be a part of an address within brackets, as in ?filter={"a":1}; but then the address can't be within quotes itself.
    private static bool Ends(string text, int start, int at, int[] opened) =>
        char.IsWhiteSpace(text[at]) || char.IsControl(text[at]) || Ending.Contains(text[at], StringComparison.Ordinal) || text[at] is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
        || text[at] == '"' && (Array.TrueForAll(opened, each => each == 0) || text.AsSpan(0, start).Contains('"'));

    private static bool IsNextOfList(string text, int at) =>
        (text[at] is ',' or ';' || !IsOfAddress(text[at])) && text.AsSpan(at + 1).StartsWith("http", StringComparison.OrdinalIgnoreCase);

    // A title may begin with a bracket: https://example.com/wiki/《…》
    private static bool Separates(string text, int hostEnd, int at) =>
        Separating.Contains(text[at], StringComparison.Ordinal)
        || text[at] > '~' && Opening.Contains(text[at], StringComparison.Ordinal) && (IsRoot(text, hostEnd, at) || !BeforeNames.Contains(text[at - 1], StringComparison.Ordinal));

    private static bool IsRoot(string text, int hostEnd, int at) => text[at - 1] == '/' && text.AsSpan(hostEnd, at - hostEnd).IndexOf('/') == at - hostEnd - 1;

    // The first word of a script without spaces that follows ASCII, as in https://example.com/a是. Titles in an address follow a slash or the like.
    private static int? FindWord(string text, int hostEnd)
    {
        var limit = Math.Min(text.Length, hostEnd + WebUrl.MaxLength);
        for (var end = hostEnd; end < limit; end++)
        {
            var letter = text[end];
            if (UnspacedScripts.Contains(letter))
            {
                return end == hostEnd || char.IsAsciiLetterOrDigit(text[end - 1]) || text[end - 1] == ')' || IsRoot(text, hostEnd, end) ? end : null;
            }

            if (!char.IsAscii(letter) || letter == '@' || !IsOfAddress(letter))
                return null;
        }

        return null;
    }

    private static IEnumerable<int> Shorten(string text, int hostEnd, int end)
    {
        var isPossessive = false;
        var steps = 0;
        for (var ends = 0; ends < MaxEnds;)
        {
            if (steps <= MaxSteps || text[end - 1] != text[end])
            {
                ends++;
                yield return end;
            }

            var width = IsPossessive(text, end) && !isPossessive ? 2 : TrailingWidth(text, end);
            isPossessive |= width == 2 && text[end - 1] is 's' or 'S';
            if (width == 0 || end - width < hostEnd)
                yield break;
            end -= width;
            steps++;
        }
    }

    private static bool IsPossessive(string text, int end) => end > 1 && text[end - 1] is 's' or 'S' && Apostrophes.Contains(text[end - 2], StringComparison.Ordinal);

    private static int TrailingWidth(string text, int end) =>
        Rune.DecodeLastFromUtf16(text.AsSpan(0, end), out var last, out var width) == System.Buffers.OperationStatus.Done && IsTrailing(last) ? width : 0;

    // Beyond ASCII: punctuation, symbols such as emoji with their variants, raised numbers, and what is invisible.
    private static bool IsTrailing(Rune last) => last.IsAscii
        ? Trailing.Contains((char)last.Value, StringComparison.Ordinal)
        : last.Value is 0xFE0E or 0xFE0F || !Rune.IsLetter(last) && !Rune.IsDigit(last) && !IsCombining(Rune.GetUnicodeCategory(last));

    private static bool IsOfAddress(char letter) => char.IsLetterOrDigit(letter) || char.IsSurrogate(letter) || IsCombining(char.GetUnicodeCategory(letter)) || Marks.Contains(letter, StringComparison.Ordinal);

    // Vowel signs and accents, which many scripts write after a letter.
    private static bool IsCombining(UnicodeCategory category) => category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
