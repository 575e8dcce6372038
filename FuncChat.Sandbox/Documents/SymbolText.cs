using UglyToad.PdfPig.Fonts;
using UglyToad.PdfPig.Fonts.Encodings;

namespace FuncChat.Sandbox.Documents;

/// <summary>Characters of fonts that have signs in the places of letters, at U+F020 to U+F0FF.</summary>
internal static class SymbolText
{
    private const string Unknown = "[symbol]";

    // The signs of Wingdings that carry a meaning: hands, check marks and boxes, arrows, bullets.
    private static readonly Dictionary<int, string> Wingdings = new (int Code, string Sign)[]
    {
        (0x43, "👍"), (0x44, "👎"), (0x4A, "☺"), (0x4B, "😐"), (0x4C, "☹"), (0x6C, "●"), (0x6E, "■"), (0x6F, "□"), (0x71, "❑"), (0x72, "❒"), (0x75, "◆"),
        (0x76, "❖"), (0x77, "•"), (0x9F, "•"), (0xA1, "○"), (0xA7, "▪"), (0xA8, "☐"), (0xAB, "★"), (0xD8, "➢"), (0xDF, "←"), (0xE0, "→"), (0xE1, "↑"),
        (0xE2, "↓"), (0xE8, "➔"), (0xEF, "⇐"), (0xF0, "⇒"), (0xF1, "⇑"), (0xF2, "⇓"), (0xF3, "⇔"), (0xFB, "✗"), (0xFC, "✓"), (0xFD, "☒"), (0xFE, "☑"),
    }.ToDictionary(sign => sign.Code, sign => sign.Sign);

    public static string Of(string? font, int code)
    {
        code = code is >= 0xF000 and <= 0xF0FF ? code - 0xF000 : code;
        if (font?.StartsWith("Wingdings", StringComparison.OrdinalIgnoreCase) == true)
            return font.Length == "Wingdings".Length ? Wingdings.GetValueOrDefault(code, Unknown) : Unknown;
        if (code > 0xFF)
            return char.IsSurrogate((char)code) || code > char.MaxValue ? Unknown : ((char)code).ToString();
        return GlyphList.AdobeGlyphList.NameToUnicode(SymbolEncoding.Instance.GetName(code)) is { Length: > 0 } text && text[0] is not (>= '\uE000' and <= '\uF8FF')
            ? text
            : Unknown;
    }

    /// <summary>Text with the signs that a font has in the places of its letters.</summary>
    public static string In(string text, string? font) =>
        text.AsSpan().IndexOfAnyInRange('\uF020', '\uF0FF') < 0 ? text
            : string.Concat(text.Select(letter => letter is >= '\uF020' and <= '\uF0FF' ? Of(font, letter) : letter.ToString()));
}
