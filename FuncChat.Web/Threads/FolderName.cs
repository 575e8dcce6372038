using System.Globalization;
using System.Text;

namespace FuncChat.Web.Threads;

/// <summary>Names of folders.</summary>
internal static class FolderName
{
    /// <summary>Whether lists can show a name on a line: it has a visible character, and no control characters or line breaks.</summary>
    public static bool IsVisible(string name) =>
        !name.EnumerateRunes().Any(BreaksLines) && name.EnumerateRunes().Any(IsVisible);

    private static bool BreaksLines(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // U+2800, U+115F, U+1160, U+3164 and U+FFA0 are blank although they are a symbol and letters.
    private static bool IsVisible(Rune rune) =>
        rune.Value is not (0x2800 or 0x115F or 0x1160 or 0x3164 or 0xFFA0)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.OtherNotAssigned);
}
