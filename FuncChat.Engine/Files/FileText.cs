using System.Text.Unicode;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Files;

/// <summary>The text of a file that a client sends to a provider. What the client declares it to be can be anything, and providers read it in different ways.</summary>
internal static class FileText
{
    // Readers of PDFs look for the header within these bytes.
    private const int MaxPdfPrefix = 1024;

    private static readonly string[] TextTypes = ["application/json", "application/xml", "application/javascript", "application/yaml", "application/x-yaml", "application/x-ndjson"];

    /// <summary>Whether a provider may read the file as text, as far as its type and content show. Binary content with text in it can't be told from a format that is not known.</summary>
    /// <param name="declaredType">Its media type in lower case, without parameters.</param>
    public static bool Is(ReadOnlySpan<byte> content, string declaredType)
    {
        if (declaredType.StartsWith("text/", StringComparison.Ordinal) || TextTypes.Contains(declaredType, StringComparer.Ordinal))
            return true;
        if (declaredType == FileType.Pdf && content[..Math.Min(content.Length, MaxPdfPrefix)].IndexOf("%PDF-"u8) >= 0)
            return false;
        return FileType.Of(content) switch
        {
            null => content is not [(byte)'P', (byte)'K', 3, 4, ..] && HasMoreTextThanControls(content),
            FileType.Pdf => content.IndexOf(" obj"u8) < 0,
            var type => FileType.IsTextType(type) || HasOnlyText(content),
        };
    }

    /// <summary>The text without control characters, which could hide what it says.</summary>
    /// <param name="charset">As declared; null if it is not.</param>
    /// <param name="guess">The encoding's name where only the content suggests it.</param>
    public static string Of(ReadOnlySpan<byte> content, string? charset, out string? guess)
    {
        var text = Charset.Decode(content, charset, out guess);
        return text.AsSpan().IndexOfAnyInRange('\0', '\b') < 0 && text.AsSpan().IndexOfAnyInRange('\u000E', '\u001F') < 0 && text.AsSpan().IndexOfAnyInRange('\u007F', '\u009F') < 0
            ? text
            : string.Concat(text.Where(letter => !char.IsControl(letter) || char.IsWhiteSpace(letter)));
    }

    // Few binary formats are valid UTF-8; UTF-16 without a mark is, and half of it is controls where it is English.
    private static bool HasMoreTextThanControls(ReadOnlySpan<byte> content) => Utf8.IsValid(content) && CountControls(content) is var controls && content.Length - controls >= Math.Max(1, controls);

    // An image begins with letters too, but has controls.
    private static bool HasOnlyText(ReadOnlySpan<byte> content) => Utf8.IsValid(content) && CountControls(content) == 0;

    private static int CountControls(ReadOnlySpan<byte> content)
    {
        var count = 0;
        foreach (var each in content)
            count += each < ' ' && each is not ((byte)'\t' or (byte)'\n' or (byte)'\f' or (byte)'\r' or 27) ? 1 : 0;
        return count;
    }
}
