using System.Text;

namespace FuncChat.Tools;

/// <summary>Short texts from other servers, such as descriptions and errors, before a model or a person reads them.</summary>
public static class ForeignText
{
    /// <summary>The text without invisible characters, cut to a length.</summary>
    public static string Clean(string? text, int maxLength)
    {
        var cleaned = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (cleaned.Length + rune.Utf16SequenceLength > maxLength)
                return cleaned.Append('…').ToString();
            if (IsVisible(rune))
                cleaned.Append(rune);
        }

        return cleaned.ToString().Trim();
    }

    // Tag characters (U+E0000) and the like hide instructions from people, but not from models.
    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        System.Globalization.UnicodeCategory.Control => rune.Value is '\n' or '\t',
        System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.PrivateUse
            or System.Globalization.UnicodeCategory.OtherNotAssigned => false,
        _ => true,
    };
}
