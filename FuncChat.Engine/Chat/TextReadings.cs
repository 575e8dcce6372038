using System.Globalization;
using System.Net;
using System.Text;

namespace FuncChat.Engine.Chat;

/// <summary>A text that may be the source of HTML, Markdown or JSON, as its readers see it.</summary>
internal static class TextReadings
{
    private const int HexDigits = 4;

    /// <summary>The text, and the same without the escapes of Markdown and JSON, and of HTML, where it has any.</summary>
    public static IEnumerable<string> Of(string text)
    {
        yield return text;
        var plain = WithoutBackslashes(text);
        if (plain != text)
            yield return plain;
        if (!text.Contains('&', StringComparison.Ordinal))
            yield break;
        if (WebUtility.HtmlDecode(text) is var decoded && decoded != text)
            yield return decoded;
        if (plain != text && WebUtility.HtmlDecode(plain) is var both && both != plain)
            yield return both;
    }

    private static string WithoutBackslashes(string text)
    {
        var at = text.IndexOf('\\', StringComparison.Ordinal);
        if (at < 0)
            return text;

        // Without any quote it is no JSON, and \n may be the beginning of a name.
        var mayBeJson = text.Contains('"', StringComparison.Ordinal);
        var plain = new StringBuilder(text.Length);
        var from = 0;
        for (; at >= 0 && at + 1 < text.Length; at = text.IndexOf('\\', from))
        {
            plain.Append(text, from, at - from);
            from = at + 2;
            switch (text[at + 1])
            {
                case var mark when char.IsAscii(mark) && (char.IsPunctuation(mark) || char.IsSymbol(mark)):
                    plain.Append(mark);
                    break;
                case 'n' or 'r' or 't' when mayBeJson:
                    plain.Append('\n');
                    break;
                case 'u' when at + 2 + HexDigits <= text.Length && ushort.TryParse(text.AsSpan(at + 2, HexDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                    plain.Append((char)code);
                    from += HexDigits;
                    break;
                default:
                    plain.Append('\\');
                    from = at + 1;
                    break;
            }
        }

        return plain.Append(text, from, text.Length - from).ToString();
    }
}
