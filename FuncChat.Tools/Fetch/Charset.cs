using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Fetch;

/// <summary>Bytes to text as browsers do it: a byte order mark wins, then the header, then what the markup says of itself.</summary>
internal static partial class Charset
{
    private const int MarkupPrefix = 1024;

    private static readonly EncodingProvider CodePages = CodePagesEncodingProvider.Instance;
    private static readonly Encoding Windows1252 = CodePages.GetEncoding(1252)!;
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="declared">The charset of the Content-Type header.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string? declared)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            return Encoding.UTF8.GetString(bytes[3..]);
        if (bytes.StartsWith(Encoding.Unicode.Preamble))
            return Encoding.Unicode.GetString(bytes[2..]);
        if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        return (Find(declared) ?? FindInMarkup(bytes) ?? Guess(bytes)).GetString(bytes);
    }

    private static Encoding? FindInMarkup(ReadOnlySpan<byte> bytes)
    {
        var prefix = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, MarkupPrefix)]);
        var label = DeclarationInMarkup().Match(prefix).Groups["label"];
        if (!label.Success)
            return null;
        // Markup that could be read as ASCII so far can't be UTF-16, whatever it says.
        var encoding = Find(label.Value);
        return encoding is UnicodeEncoding ? Encoding.UTF8 : encoding;
    }

    // What says nothing is UTF-8 if it can be, and else the web's oldest habit.
    private static Encoding Guess(ReadOnlySpan<byte> bytes)
    {
        try
        {
            StrictUtf8.GetCharCount(bytes);
            return Encoding.UTF8;
        }
        catch (DecoderFallbackException)
        {
            return Windows1252;
        }
    }

    // On the web some labels mean more than their standard says (https://encoding.spec.whatwg.org/#names-and-labels).
    private static Encoding? Find(string? label) => label?.Trim(' ', '"', '\'').ToLowerInvariant() switch
    {
        null or "" => null,
        "utf-8" or "utf8" => Encoding.UTF8,
        "utf-16" or "utf-16le" => Encoding.Unicode,
        "utf-16be" => Encoding.BigEndianUnicode,
        "iso-8859-1" or "latin1" or "us-ascii" or "ascii" => Windows1252,
        "iso-8859-9" => CodePages.GetEncoding("windows-1254"),
        ['c', 'p', '1', '2', '5', _] cp => CodePages.GetEncoding($"windows-{cp[2..]}"),
        "gb2312" or "gbk" => CodePages.GetEncoding("gb18030"),
        "euc-kr" or "ks_c_5601-1987" => CodePages.GetEncoding(949),
        var other => CodePages.GetEncoding(other),
    };

    [GeneratedRegex("""<(?:meta\b[^>]*?\bcharset|\?xml\b[^>]*?\bencoding)\s*=\s*["']?\s*(?<label>[\w.:-]+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DeclarationInMarkup();
}
