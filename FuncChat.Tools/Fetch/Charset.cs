using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Fetch;

/// <summary>
/// Decodes text as browsers do: by its byte order mark, else by the header, else by what the markup declares
/// (https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding), and else by its content.
/// </summary>
public static partial class Charset
{
    // Browsers look at the whole head, which may hold a lot of scripts.
    private const int MarkupPrefix = 512 * 1024;

    // Of these they look at all, as the standard says.
    private const int Prescan = 1024;

    private const int Big5 = 950;
    private const char Unreadable = '\uFFFD';

    private static readonly EncodingProvider CodePages = CodePagesEncodingProvider.Instance;
    private static readonly Encoding BigEndianUtf32 = new UTF32Encoding(bigEndian: true, byteOrderMark: true);
    private static readonly Encoding Windows1252 = CodePages.GetEncoding(1252)!;
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes as text.</summary>
    /// <param name="declared">The charset of the Content-Type header.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string? declared) => Decode(bytes, declared, out _);

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte}, string?)"/>
    /// <param name="guess">The encoding's name where only the content suggests it; null where it is certain, or valid as UTF-8.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string? declared, out string? guess)
    {
        guess = null;
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            return Encoding.UTF8.GetString(bytes[3..]);
        if (bytes.StartsWith(Encoding.UTF32.Preamble))
            return Encoding.UTF32.GetString(bytes[4..]);
        if (bytes.StartsWith(BigEndianUtf32.Preamble))
            return BigEndianUtf32.GetString(bytes[4..]);
        if (bytes.StartsWith(Encoding.Unicode.Preamble))
            return Encoding.Unicode.GetString(bytes[2..]);
        if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        if ((Find(declared) ?? FindInMarkup(bytes)) is { } known)
            return Decode(bytes, known);
        if (IsUtf8(bytes) && !IsIso2022Jp(bytes))
            return Encoding.UTF8.GetString(bytes);
        var encoding = Guess(bytes);
        guess = encoding.CodePage == 949 ? "euc-kr" : encoding.WebName;
        return Decode(bytes, encoding);
    }

    /// <summary>Whether text of this charset has bytes that are zero: UTF-16, UTF-32.</summary>
    public static bool HasZeros(string? declared) => Find(declared) is UnicodeEncoding or UTF32Encoding;

    /// <summary>Whether .NET can read text of this charset, or it is not declared.</summary>
    public static bool IsReadable(string? declared)
    {
        try
        {
            return string.IsNullOrEmpty(declared) || Encoding.GetEncoding(declared.Trim('"')) is not null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // NotSupportedException: UTF-7, which .NET refuses to decode.
            return false;
        }
    }

    /// <summary>Whether the decoded text lacks characters that Hong Kong has added to Big5.</summary>
    internal static bool LacksCharacters(string text, ReadOnlySpan<byte> bytes, string? declared) =>
        text.Contains(Unreadable, StringComparison.Ordinal) && (Find(declared) ?? FindInMarkup(bytes))?.CodePage == Big5;

    // .NET reads the characters that Hong Kong has added to Big5 as private ones, which have no meaning.
    private static string Decode(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        var text = encoding.GetString(bytes);
        return encoding.CodePage == Big5 && text.AsSpan().ContainsAnyInRange('\uE000', '\uF8FF')
            ? string.Create(text.Length, text, static (readable, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                    readable[i] = from[i] is >= '\uE000' and <= '\uF8FF' ? Unreadable : from[i];
            })
            : text;
    }

    private static Encoding? FindInMarkup(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, MarkupPrefix)]);
        if (XmlDeclaration().Match(head) is { Success: true } declaration && Find(declaration.Groups["label"].Value) is { } declared)
            return ReadAsAscii(declared);
        var isInBody = false;
        foreach (Match token in HeadTokens().Matches(head))
        {
            isInBody |= token.Groups["body"].Success;
            if (token.Groups["open"].Success || (isInBody && token.Index >= Prescan))
                break;
            if (token.Groups["meta"] is { Success: true } meta && FindInMeta(meta.Value) is { } encoding)
                return ReadAsAscii(encoding);
        }

        return null;
    }

    private static Encoding? FindInMeta(string attributes)
    {
        string? charset = null, content = null;
        var isContentType = false;
        foreach (Match attribute in Attributes().Matches(attributes))
        {
            var value = attribute.Groups["value"].Value.Trim();
            switch (attribute.Groups["name"].Value.ToLowerInvariant())
            {
                case "charset": charset ??= value; break;
                case "content": content ??= CharsetInContent().Match(value).Groups["label"].Value; break;
                case "http-equiv": isContentType |= value.Equals("content-type", StringComparison.OrdinalIgnoreCase); break;
            }
        }

        return Find(charset) ?? (isContentType ? Find(content) : null);
    }

    // Markup that could be read as ASCII this far can't be UTF-16, whatever it declares.
    private static Encoding ReadAsAscii(Encoding encoding) => encoding is UnicodeEncoding or UTF32Encoding ? Encoding.UTF8 : encoding;

    private static bool IsUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            // A text that was cut may end within a character.
            var end = bytes.Length;
            for (var back = 1; back <= 3 && back <= bytes.Length; back++)
            {
                if (bytes[^back] >= 0xC0)
                {
                    end = bytes.Length - back;
                    break;
                }
            }

            StrictUtf8.GetCharCount(bytes[..(bytes.Length >= LimitedBody.MaxBytes ? end : bytes.Length)]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    // It switches to Japanese by an escape sequence, and is ASCII otherwise.
    private static bool IsIso2022Jp(ReadOnlySpan<byte> bytes) =>
        (bytes.IndexOf("\u001B$B"u8) >= 0 || bytes.IndexOf("\u001B$@"u8) >= 0) && bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0;

    private static Encoding Guess(ReadOnlySpan<byte> bytes) =>
        IsIso2022Jp(bytes) ? CodePages.GetEncoding("iso-2022-jp")!
        : EncodingGuess.IsDamagedUtf8(bytes) ? Encoding.UTF8
        // The web's oldest default.
        : EncodingGuess.Of(bytes) ?? Windows1252;

    // On the web some labels mean more than their standard says (https://encoding.spec.whatwg.org/#names-and-labels).
    private static Encoding? Find(string? label) => label?.Trim(' ', '"', '\'').ToLowerInvariant() switch
    {
        null or "" => null,
        "utf-8" or "utf8" => Encoding.UTF8,
        "unicode-1-1-utf-8" or "x-unicode20utf8" or "unicode11utf8" or "unicode20utf8" => Encoding.UTF8,
        "utf-16" or "utf-16le" or "ucs-2" or "unicode" or "csunicode" or "iso-10646-ucs-2" or "unicodefeff" => Encoding.Unicode,
        "utf-16be" or "unicodefffe" => Encoding.BigEndianUnicode,
        "utf-32" or "utf-32le" => Encoding.UTF32,
        "utf-32be" => BigEndianUtf32,
        "iso-8859-1" or "iso8859-1" or "iso_8859-1" or "latin1" or "l1" or "us-ascii" or "ascii" or "x-cp1252" or "x-user-defined"
            or "ansi_x3.4-1968" or "cp819" or "ibm819" or "csisolatin1" or "iso-ir-100" or "iso88591" or "iso_8859-1:1987" => Windows1252,
        "iso-8859-9" or "latin5" or "l5" or "csisolatin5" or "iso-ir-148" or "iso88599" or "iso_8859-9" or "iso_8859-9:1989" or "x-cp1254" => CodePages.GetEncoding("windows-1254"),
        "latin2" or "l2" or "iso88592" => CodePages.GetEncoding("iso-8859-2"),
        "iso88593" => CodePages.GetEncoding("iso-8859-3"),
        "iso88595" => CodePages.GetEncoding("iso-8859-5"),
        "iso88596" or "iso-8859-6-e" or "iso-8859-6-i" or "csiso88596e" or "csiso88596i" => CodePages.GetEncoding("iso-8859-6"),
        "iso88597" or "sun_eu_greek" => CodePages.GetEncoding("iso-8859-7"),
        "iso88598" or "iso-8859-8-e" or "csiso88598e" => CodePages.GetEncoding("iso-8859-8"),
        "csiso88598i" => CodePages.GetEncoding("iso-8859-8-i"),
        "iso-8859-10" or "iso8859-10" or "iso885910" or "csisolatin6" or "iso-ir-157" or "l6" or "latin6" => LatinEncoding.Latin6,
        "iso-8859-14" or "iso8859-14" or "iso885914" => LatinEncoding.Latin8,
        "iso-8859-16" => LatinEncoding.Latin10,
        "iso885913" => CodePages.GetEncoding("iso-8859-13"),
        "iso885915" => CodePages.GetEncoding("iso-8859-15"),
        "866" or "cp866" or "csibm866" or "ibm866" => CodePages.GetEncoding(866),
        "iso-8859-11" or "iso885911" or "dos-874" or "tis-620" or "windows-874" => CodePages.GetEncoding(874),
        "shift-jis" or "sjis" or "ms932" or "ms_kanji" or "x-sjis" or "windows-31j" or "shift_jis" => CodePages.GetEncoding(932),
        "x-euc-jp" => CodePages.GetEncoding("euc-jp"),
        "big5-hkscs" or "cn-big5" or "x-x-big5" => CodePages.GetEncoding(950),
        "koi" or "koi8" or "koi8_r" => CodePages.GetEncoding("koi8-r"),
        "x-mac-roman" or "csmacintosh" or "mac" => CodePages.GetEncoding("macintosh"),
        ['c', 'p', '1', '2', '5', _] cp => CodePages.GetEncoding($"windows-{cp[2..]}"),
        "gb2312" or "gbk" or "gb_2312" or "gb_2312-80" or "x-gbk" or "chinese" => CodePages.GetEncoding("gb18030"),
        "euc-kr" or "ks_c_5601-1987" or "korean" or "windows-949" => CodePages.GetEncoding(949),
        var other => CodePages.GetEncoding(other),
    };

    [GeneratedRegex("""^\s*<\?xml\b[^>]*\bencoding\s*=\s*["']?\s*(?<label>[\w.:-]+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex XmlDeclaration();

    // What is in comments and scripts declares nothing; the head ends where the body starts, or in a tag that stays open.
    [GeneratedRegex("""<!--(-?>|.*?(-->|\z))|<(script|style|title|noscript)\b[^>]*>.*?(</(script|style|title|noscript)\b|\z)|<meta(?<meta>[\s/]([^"'>]|"[^"]*("|\z)|'[^']*('|\z))*)(>|(?<open>\z))|(?<body><(body|p|div|table|h1)\b)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HeadTokens();

    [GeneratedRegex("""(?<name>[\w-]+)\s*=\s*("(?<value>[^"]*)"|'(?<value>[^']*)'|(?<value>[^\s"'>]+))""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Attributes();

    [GeneratedRegex("""charset\s*=\s*["']?\s*(?<label>[\w.:-]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CharsetInContent();
}
