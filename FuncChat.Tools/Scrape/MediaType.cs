namespace FuncChat.Tools.Scrape;

/// <summary>Which kinds of content can be read, by media type and, where that says too little, by the first bytes.</summary>
internal static class MediaType
{
    public const string Html = "text/html";
    public const string PlainText = "text/plain";
    private const string Pdf = "application/pdf";

    private static readonly HashSet<string> TextOutsideText = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/json", "application/xml", "application/javascript", "application/yaml", "application/x-yaml",
        "application/toml", "application/x-ndjson", "application/sql",
    };

    public static bool IsHtml(string type) => type is Html or "application/xhtml+xml";

    /// <exception cref="ToolException">The type is not one of text.</exception>
    public static void EnsureReadable(string type)
    {
        if (type is Pdf)
            throw new ToolException("This is a PDF, which can't be read here: look for an HTML version of it.");
        if (!IsText(type))
            throw new ToolException($"This is not text but {type}: only HTML, plain text and JSON can be read.");
    }

    /// <summary>What the bytes are when no type was declared, or when the declared one can't be true.</summary>
    public static string Sniff(ReadOnlySpan<byte> body, string? declared)
    {
        if (body.StartsWith("%PDF-"u8))
            return Pdf;
        if (declared is not null)
            return declared;

        var start = body[..Math.Min(body.Length, 1024)].Trim(" \t\r\n\uFEFF"u8);
        if (start.StartsWith("<"u8))
            return Html;
        var isUtf16 = start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        return start.Contains((byte)0) && !isUtf16 ? "application/octet-stream" : PlainText;
    }

    private static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal)
        || type.EndsWith("+json", StringComparison.Ordinal)
        || type.EndsWith("+xml", StringComparison.Ordinal)
        || TextOutsideText.Contains(type);
}
