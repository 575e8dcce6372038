using System.Globalization;
using System.Text;

namespace FuncChat.Tools;

/// <summary>
/// Breaks everything in a text that a model could read as a marker of untrusted content: however it is spaced or escaped, with invisible characters in it, or
/// with letters of other scripts that look the same.
/// </summary>
internal static class LookAlikeMarks
{
    private const string Word = "untrustedcontent";

    // Enough for the word with its tag, and something between all of its letters.
    private const int MaxSpan = 80;

    private const string Opening = "<\uFF1C\uFE64\u2039\u3008\u27E8\u276E\u02C2\u1438";

    // Letters of other scripts that look like one of the word.
    private const string Foreign = "\u03C5\u057D\u0578\u03B7\u03C4\u0442\u0433\u1D26\u017F\u0455\u0435\u212E\u0501\u03F2\u0441\u03BF\u043E\u0585\u03B5\u1D1B\u1D1C\u0274\u1D07\u1D05\u1D04\u1D0F";
    private const string Latin = "uunnttrrsseedccoooetunedco";

    /// <summary>The text with each opening bracket of such a marker replaced by one that is no tag, and still valid where the text is JSON.</summary>
    public static string Neutralize(string text)
    {
        StringBuilder? changed = null;
        for (var i = 0; i < text.Length; i++)
        {
            var width = OpeningAt(text, i);
            if (width == 0 || !IsMark(text.AsSpan(i + width)))
                continue;
            changed ??= new StringBuilder(text);
            changed[i] = '(';
            for (var j = 1; j < width; j++)
                changed[i + j] = ' ';
        }

        return changed?.ToString() ?? text;
    }

    // A bracket, or one that JSON or HTML has escaped.
    private static int OpeningAt(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (Opening.Contains(rest[0], StringComparison.Ordinal))
            return 1;
        if (rest.StartsWith("\\u003c", StringComparison.OrdinalIgnoreCase))
            return 6;
        return rest.StartsWith("&lt;", StringComparison.OrdinalIgnoreCase) ? 4 : rest.StartsWith("&#60;", StringComparison.Ordinal) ? 5 : 0;
    }

    private static bool IsMark(ReadOnlySpan<char> text)
    {
        var matched = 0;
        foreach (var letter in text[..Math.Min(text.Length, MaxSpan)])
        {
            var folded = Fold(letter);
            if (folded == Word[matched])
            {
                if (++matched == Word.Length)
                    return true;
            }
            else if (char.IsAsciiLetterOrDigit(folded) || folded == '>')
            {
                return false;
            }
        }

        return false;
    }

    private static char Fold(char letter)
    {
        // Fullwidth forms are ASCII, moved.
        if (letter is >= '\uFF01' and <= '\uFF5E')
            letter = (char)(letter - 0xFEE0);
        letter = char.ToLower(letter, CultureInfo.InvariantCulture);
        var foreign = Foreign.IndexOf(letter, StringComparison.Ordinal);
        return foreign >= 0 ? Latin[foreign] : letter;
    }
}
