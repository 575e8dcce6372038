using System.Globalization;
using System.Text;

namespace FuncChat.Tools;

/// <summary>
/// Breaks what a model is likely to read as a marker of untrusted content in a text: with other spacing, with its bracket or letters escaped as in HTML, JSON or URLs, with
/// invisible characters in it, or with letters that look the same or are variants of the same letter. It does not know every letter that looks similar. What protects in any
/// case is the id of the real marks, which the text's author can't know.
/// </summary>
internal static class LookAlikeMarks
{
    private const string Word = "untrustedcontent";

    // Enough for the word with its tag, and something between all of its letters.
    private const int MaxSpan = 200;

    private const string Opening = "<\uFF1C\uFE64\u2039\u3008\u27E8\u276E\u02C2\u1438\u300A\u27EA\u2329\u00AB";

    private static readonly System.Buffers.SearchValues<char> Starts = System.Buffers.SearchValues.Create(Opening + "&\\%");

    /// <summary>The text with each opening bracket of such a marker replaced by one that is no tag, and still valid where the text is JSON.</summary>
    public static string Neutralize(string text)
    {
        StringBuilder? changed = null;
        for (var i = text.AsSpan().IndexOfAny(Starts); i >= 0;)
        {
            var width = OpeningWidth(text.AsSpan(i));
            if (width > 0 && IsMark(text.AsSpan(i + width)))
            {
                // A backslash that is escaped itself stays, or the JSON would be invalid.
                var kept = text[i] == '\\' && IsEscaped(text, i) ? 1 : 0;
                changed ??= new StringBuilder(text);
                changed[i + kept] = '(';
                for (var j = kept + 1; j < width; j++)
                    changed[i + j] = ' ';
            }

            var next = text.AsSpan(i + 1).IndexOfAny(Starts);
            i = next < 0 ? -1 : i + 1 + next;
        }

        return changed?.ToString() ?? text;
    }

    private static bool IsEscaped(string text, int at)
    {
        var before = at;
        while (before > 0 && text[before - 1] == '\\')
            before--;
        return (at - before) % 2 == 1;
    }

    // A bracket, or one that JSON, HTML, a script or a URL has escaped.
    private static int OpeningWidth(ReadOnlySpan<char> text)
    {
        if (IsOpening(Read(text, out var width)))
            return width;
        if (text.StartsWith("&lt", StringComparison.OrdinalIgnoreCase))
            return text.Length > 3 && text[3] == ';' ? 4 : 3;
        return text.StartsWith("\\x3c", StringComparison.OrdinalIgnoreCase) ? 4 : text.StartsWith("%3c", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
    }

    private static bool IsOpening(Rune letter) => letter.IsBmp && Opening.Contains((char)letter.Value, StringComparison.Ordinal);

    private static bool IsMark(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxSpan)];
        for (var matched = 0; !text.IsEmpty;)
        {
            var letter = Read(text, out var width);
            text = text[width..];
            var folded = LetterVariants.Fold(letter);
            if (folded == Word[matched])
            {
                if (++matched == Word.Length)
                    return true;
            }
            else if (char.IsAsciiLetterOrDigit(folded) || folded == '>' || IsOpening(letter))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Reads one character, which may be escaped as in JSON or HTML.</summary>
    private static Rune Read(ReadOnlySpan<char> text, out int width)
    {
        if (text.StartsWith("\\u", StringComparison.OrdinalIgnoreCase) && text.Length >= 6
            && int.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.TryCreate(value, out var escaped))
        {
            width = 6;
            return escaped;
        }

        if (text.StartsWith("&#", StringComparison.Ordinal) && ReadEntity(text, out width) is { } entity)
            return entity;
        Rune.DecodeFromUtf16(text, out var letter, out width);
        return letter;
    }

    private static Rune? ReadEntity(ReadOnlySpan<char> text, out int width)
    {
        var isHex = text.Length > 2 && text[2] is 'x' or 'X';
        var start = isHex ? 3 : 2;
        width = start;
        while (width < text.Length && width < MaxSpan && (isHex ? char.IsAsciiHexDigit(text[width]) : char.IsAsciiDigit(text[width])))
            width++;
        var digits = text[start..width].TrimStart('0');
        if (width < text.Length && text[width] == ';')
            width++;
        return digits.Length is > 0 and <= 7
            && int.TryParse(digits, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Rune.TryCreate(value, out var letter)
                ? letter
                : null;
    }
}
