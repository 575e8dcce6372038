using System.Globalization;
using System.Text;

namespace FuncChat.Sandbox.Documents;

/// <summary>Text of a document in the characters that a reader expects.</summary>
internal static class ExtractedText
{
    private const int MaxBlankLines = 1;

    /// <summary>Without control characters, with ligatures as letters, and with at most one blank line in a row.</summary>
    public static string Clean(string? text)
    {
        var cleaned = new StringBuilder();
        var blankLines = 0;
        foreach (var line in (text ?? "").ReplaceLineEndings("\n").Split('\n'))
        {
            var visible = CleanLine(line);
            blankLines = visible.Length == 0 ? blankLines + 1 : 0;
            if (blankLines <= MaxBlankLines)
                cleaned.Append(visible).Append('\n');
        }

        return cleaned.ToString().Trim();
    }

    /// <summary>The beginning of a text, without half a surrogate pair at its end.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string CleanLine(string line)
    {
        var cleaned = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Value is >= 0xFB00 and <= 0xFB06)
                cleaned.Append(rune.ToString().Normalize(NormalizationForm.FormKC));
            else if (rune.Value == '\t' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.PrivateUse))
                cleaned.Append(rune);
        }

        return cleaned.ToString().TrimEnd();
    }
}
