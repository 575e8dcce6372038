using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Scrape;

/// <summary>Which kinds of content can be read, by media type and by the first bytes.</summary>
internal static class MediaType
{
    public const string Html = "text/html";
    public const string PlainText = "text/plain";
    public const string Pdf = "application/pdf";

    /// <summary>How many bytes at the beginning show whether a body is text.</summary>
    public const int SniffedBytes = 1024;

    private const string Bytes = "application/octet-stream";
    private static readonly string[] Media = ["image/", "audio/", "video/", "font/", "model/"];

    private static readonly HashSet<string> Binary = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/zip", "application/gzip", "application/x-gzip", "application/x-tar", "application/wasm", "application/vnd.rar", "application/x-7z-compressed",
    };

    public static bool IsHtml(string type) => type is Html or "application/xhtml+xml";

    /// <summary>Refuses, before the body is read, what is no text by its type.</summary>
    /// <exception cref="ToolException">The type is not one of text.</exception>
    public static void EnsureReadable(string type)
    {
        if (Binary.Contains(type) || Array.Exists(Media, kind => type.StartsWith(kind, StringComparison.Ordinal)) && !type.EndsWith("+xml", StringComparison.Ordinal))
            throw Refuse(type);
    }

    /// <summary>The type of a body, whatever it was declared as.</summary>
    /// <exception cref="ToolException">The body is not text.</exception>
    /// <param name="charset">The declared charset.</param>
    public static string Determine(ReadOnlySpan<byte> body, string? declared, string? charset = null)
    {
        if (body.StartsWith("%PDF-"u8))
            return Pdf;
        if (declared is Pdf)
            throw new ToolException("The response is declared as a PDF, but is not one.");
        if (!LooksLikeText(body, charset) && !(declared is not null && IsHtml(declared) && LooksLikeMarkup(body)))
            throw Refuse(declared is null || IsTextType(declared) ? Bytes : declared);
        if (declared is not null and not Bytes and not "application/x-download" and not "application/force-download")
            return declared;

        return body[..Math.Min(body.Length, SniffedBytes)].Trim(" \t\r\n\uFEFF"u8).StartsWith("<"u8) && declared is null ? Html : PlainText;
    }

    /// <summary>Whether a body begins as text does.</summary>
    public static bool LooksLikeText(ReadOnlySpan<byte> body, string? charset)
    {
        if (body is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..])
            return true;
        if (Charset.HasZeros(charset))
            return !Charset.Decode(body[..Math.Min(body.Length, SniffedBytes)], charset).AsSpan().ContainsAnyInRange('\0', '\b');
        // Text has no control characters but white space, escape and form feed.
        var start = body[..Math.Min(body.Length, SniffedBytes)];
        return start.IndexOfAnyInRange((byte)0, (byte)8) < 0 && start.IndexOfAnyInRange((byte)14, (byte)26) < 0;
    }

    // Browsers show a page with a stray control character.
    private static bool LooksLikeMarkup(ReadOnlySpan<byte> body) =>
        body[..Math.Min(body.Length, SniffedBytes)].TrimStart(" \t\r\n\f\uFEFF\0"u8) is [(byte)'<', var next, ..] && (next is (byte)'!' or (byte)'?' || char.IsAsciiLetter((char)next));

    private static bool IsTextType(string type) => type.StartsWith("text/", StringComparison.Ordinal);

    private static ToolException Refuse(string type) => new($"This is not text but {type}: only HTML, PDF, plain text, JSON, XML and the like can be read.");
}
