using System.Globalization;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Files;

/// <summary>Files that are in a message as data: parts such as `{"type":"file","file":{"file_data":"data:text/plain;base64,…"}}`.</summary>
internal static class InlineFiles
{
    private const string CharsetPrefix = "charset=";

    /// <summary>Whether a message may contain such a file, without parsing it. JSON may escape any letter.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> message) => message.IndexOf("file_data"u8) >= 0 || message.IndexOf("\\u"u8) >= 0;

    /// <summary>
    /// The message with each file that is text as a text part, which is marked as untrusted. Other files, such as PDFs, are read by the provider, so their text can't be marked.
    /// </summary>
    /// <param name="idOf">The id of the marks around a file, from the number of its part.</param>
    public static ReadOnlyMemory<byte> MarkText(ReadOnlyMemory<byte> message, Func<int, string> idOf)
    {
        using var document = JsonDocument.Parse(message);
        var texts = ContentParts.Of(document.RootElement).Select(TextOf).ToList();
        if (texts.TrueForAll(text => text is null))
            return message;
        var number = 0;
        return ContentParts.Replace(document.RootElement, part => texts[number++] is { } text
            ? ContentParts.Text($"File \"{NameOf(part)}\"{FileParts.EncodingNote(text.Guess)}:\n{UntrustedText.Label(text.Text, idOf(number))}")
            : null);
    }

    private static (string Text, string? Guess)? TextOf(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object || MessageJson.Text(part, "type") != "file" || !part.TryGetProperty("file", out var file)
            || MessageJson.Text(file, "file_data") is not { } url || url.IndexOf(',', StringComparison.Ordinal) is not (> 0 and var comma))
            return null;
        var head = url[..comma].Split(':', 2)[^1].Split(';', StringSplitOptions.TrimEntries);
        var charset = CharsetIn(head);
        var content = DataUrl.TryParse(url) is { } data ? DecodeBase64(data.Base64) : Unescape(url[(comma + 1)..], ref charset);
        return content is not null && FileText.Is(content, head[0].ToLowerInvariant()) ? (FileText.Of(content, charset, out var guess), guess) : null;
    }

    // The charset is that of the escaped bytes. Letters beyond ASCII are text already, and UTF-16 without a zero is text that was escaped as UTF-8.
    private static byte[] Unescape(string text, ref string? charset)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var isEscape = bytes[at] == '%' && at + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[at + 1]) && char.IsAsciiHexDigit((char)bytes[at + 2]);
            bytes[length++] = isEscape ? byte.Parse(bytes.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : bytes[at];
            at += isEscape ? 2 : 0;
        }

        bytes = bytes[..length];
        if (!Ascii.IsValid(text) || length == text.Length || Charset.HasZeros(charset) && !bytes.Contains((byte)0))
            charset = "utf-8";
        return bytes;
    }

    private static string? CharsetIn(string[] head) =>
        Array.Find(head, each => each.StartsWith(CharsetPrefix, StringComparison.OrdinalIgnoreCase))?[CharsetPrefix.Length..];

    private static byte[]? DecodeBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    // The file's author may have chosen the name too.
    private static string NameOf(JsonElement part) => FileName.Clean(MessageJson.Text(part.GetProperty("file"), "filename"), FileType.PlainText);
}
