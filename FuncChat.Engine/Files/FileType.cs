using System.Text;
using System.Text.Json;
using FuncChat.Tools.Scrape;

namespace FuncChat.Engine.Files;

/// <summary>Determines the type of a file by its content. Names and declared types can be anything.</summary>
internal static class FileType
{
    public const string Pdf = "application/pdf";
    public const string Json = "application/json";
    public const string Csv = "text/csv";
    public const string PlainText = "text/plain";

    /// <summary>What users may upload, for error messages.</summary>
    public const string Accepted = "images (PNG, JPEG, GIF, WebP), PDFs, documents of Word, Excel and PowerPoint, and text such as CSV and JSON. Save text as UTF-8, or with a byte order mark";

    private const string OfficePrefix = "application/vnd.openxmlformats-officedocument.";
    private const int CsvLines = 20;

    /// <summary>The media type; null if files of this type are not accepted.</summary>
    public static string? Of(ReadOnlySpan<byte> content)
    {
        if (content is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..])
            return "image/png";
        if (content is [0xFF, 0xD8, 0xFF, ..])
            return "image/jpeg";
        if (content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8))
            return "image/gif";
        if (content.StartsWith("RIFF"u8) && content.Length > 12 && content[8..].StartsWith("WEBP"u8))
            return "image/webp";
        if (content.StartsWith("%PDF-"u8))
            return Pdf;
        if (content is [(byte)'P', (byte)'K', 3, 4, ..])
            return OfficeFileType.Of(content) is { } kind ? OfficePrefix + kind : null;
        if (!IsText(content))
            return null;
        if (IsJson(content))
            return Json;
        return IsCsv(content) ? Csv : PlainText;
    }

    /// <summary>Whether the content is an archive, such as a document of Office, without its end: PKWARE's APPNOTE.TXT, 4.3.16.</summary>
    public static bool IsCutArchive(ReadOnlySpan<byte> content) => content.StartsWith("PK\u0003\u0004"u8) && content.LastIndexOf("PK\u0005\u0006"u8) < 0;

    /// <summary>The kind of document whose text is extracted; null for other types.</summary>
    public static DocumentKind? DocumentKindOf(string mediaType) =>
        mediaType == Pdf ? DocumentKind.Pdf : mediaType.StartsWith(OfficePrefix, StringComparison.Ordinal) ? DocumentKind.Office : null;

    /// <summary>Whether a type is text that a model can read as it is.</summary>
    public static bool IsTextType(string mediaType) => mediaType is Json or Csv or PlainText;

    // Text has no control characters but white space, escape and form feed. UTF-16 and UTF-32 begin with a mark.
    private static bool IsText(ReadOnlySpan<byte> content) =>
        content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..] || (content.IndexOfAnyInRange((byte)0, (byte)8) < 0 && content.IndexOfAnyInRange((byte)14, (byte)26) < 0);

    private static bool IsJson(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith(Encoding.UTF8.Preamble))
            content = content[3..];
        content = content.TrimStart(" \t\r\n"u8);
        if (content.IsEmpty || content[0] is not ((byte)'{' or (byte)'['))
            return false;
        try
        {
            var reader = new Utf8JsonReader(content);
            while (reader.Read())
            {
                // Only its end shows that it is valid.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Lines with the same number of separators, outside of quotes.
    private static bool IsCsv(ReadOnlySpan<byte> content)
    {
        foreach (var separator in ",;\t"u8)
        {
            if (HasColumns(content, separator))
                return true;
        }

        return false;
    }

    private static bool HasColumns(ReadOnlySpan<byte> content, byte separator)
    {
        int lines = 0, count = 0, columns = -1;
        var isQuoted = false;
        foreach (var letter in content)
        {
            if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (letter == separator && !isQuoted)
            {
                count++;
            }
            else if (letter == '\n' && !isQuoted)
            {
                if (count == 0 || (columns >= 0 && count != columns))
                    return false;
                (columns, count) = (count, 0);
                if (++lines == CsvLines)
                    return true;
            }
        }

        return lines > 0 && (count == columns || (count == 0 && lines > 1));
    }
}
