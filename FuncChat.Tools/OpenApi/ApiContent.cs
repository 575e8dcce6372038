using System.Text.Unicode;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Scrape;

namespace FuncChat.Tools.OpenApi;

/// <summary>The body of an API's response as the model reads it: text, or a note of what it is.</summary>
internal static class ApiContent
{
    private static readonly string[] BinaryTypes = ["image/", "audio/", "video/", "font/", "model/", "application/pdf", "application/zip", "application/gzip"];
    private static readonly string[] TextEndings = ["json", "xml", "yaml", "javascript", "csv", "x-www-form-urlencoded"];

    /// <returns>Empty if there is no body.</returns>
    /// <exception cref="ResponseTooLargeException">The text is too large.</exception>
    /// <exception cref="InvalidDataException">The body can't be decompressed.</exception>
    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (type, charset) = (response.Content.Headers.ContentType?.MediaType ?? "", response.Content.Headers.ContentType?.CharSet);
        await using var body = new LimitedStream(await response.Content.ReadAsStreamAsync(cancellationToken), isEventStream: false);
        var start = new byte[MediaType.SniffedBytes];
        var count = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (count == 0)
            return "";
        if (IsBinary(type) || !MediaType.LooksLikeText(start.AsSpan(0, count), charset))
            return NoteOf(type);
        using var received = new MemoryStream();
        received.Write(start.AsSpan(0, count));
        await body.CopyToAsync(received, cancellationToken);
        var bytes = received.GetBuffer().AsSpan(0, (int)received.Length);
        var text = Charset.Decode(bytes, charset, out var guess);
        return IsText(type) || (guess is null && IsText(text, bytes)) ? text : NoteOf(type);
    }

    private static bool IsBinary(string type) => Array.Exists(BinaryTypes, binary => type.StartsWith(binary, StringComparison.OrdinalIgnoreCase)) && !IsText(type);

    private static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || Array.Exists(TextEndings, ending => type.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // Of a type that may be anything: spreadsheets, archives and messages of Protocol Buffers have controls, or are not valid.
    private static bool IsText(string text, ReadOnlySpan<byte> bytes) =>
        !bytes.StartsWith("%PDF-"u8) && !text.AsSpan().ContainsAnyInRange('\0', '\b') && !text.AsSpan().ContainsAnyInRange('\u000E', '\u001A')
        && (Utf8.IsValid(bytes) || !text.Contains('\uFFFD', StringComparison.Ordinal));

    private static string NoteOf(string type) =>
        type.Length == 0 ? "[Content of unknown type, not shown]"
        : IsText(type) ? $"[Binary content, declared as {type}, not shown]"
        : $"[{type}, not shown]";
}
