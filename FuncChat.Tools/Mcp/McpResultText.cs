using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// A tool's result as text for the model. An image that was kept becomes a reference (<see cref="ImageReference"/>), any other image or audio a note, a link its address.
/// </summary>
internal static class McpResultText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] TextTypes = ["/json", "+json", "/xml", "+xml", "yaml", "/javascript"];

    /// <param name="images">The ids of the files that images were kept as.</param>
    public static string Of(CallToolResult result, IReadOnlyDictionary<ImageContentBlock, string> images)
    {
        var parts = result.Content.Select(block => block is ImageContentBlock image && images.TryGetValue(image, out var id) ? ImageReference.To(id) : TextOf(block)).ToList();
        if (result.StructuredContent is { } structured && !Repeats(result.Content, structured))
            parts.Add(JsonSerializer.Serialize(structured, Readable));
        return parts.Count > 0 ? string.Join("\n\n", parts) : "The tool returned nothing.";
    }

    // Servers repeat structured content, for clients that support only text. What is no object is the only property of one.
    private static bool Repeats(IList<ContentBlock> content, JsonElement structured)
    {
        if (content.Count == 0)
            return false;
        var texts = content.OfType<TextContentBlock>().Select(block => block.Text).ToList();
        return Says(texts, structured)
            || (structured.ValueKind == JsonValueKind.Object && structured.EnumerateObject().Take(2).ToList() is [var only]
                && (Says(texts, only.Value) || JsonElement.DeepEquals(JsonSerializer.SerializeToElement(content, McpJsonUtilities.DefaultOptions), only.Value)));
    }

    // A list may have a text for each item.
    private static bool Says(List<string> texts, JsonElement value) =>
        (texts is [var whole] && IsText(whole, value))
        || (texts.Count > 0 && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == texts.Count && texts.Zip(value.EnumerateArray()).All(pair => IsText(pair.First, pair.Second)));

    private static bool IsText(string text, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return value.ValueEquals(text);
        // Most texts are no JSON.
        if (text.AsSpan().TrimStart() is not [var first, ..] || (first is not ('{' or '[' or '-' or 't' or 'f' or 'n') && !char.IsAsciiDigit(first)))
            return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonElement.DeepEquals(document.RootElement, value);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string TextOf(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        ImageContentBlock image => Note("image", image.MimeType, image.Data.Length),
        AudioContentBlock audio => Note("audio", audio.MimeType, audio.Data.Length),
        ResourceLinkBlock link => new StringBuilder("[Resource ").Append(link.Title ?? link.Name).Append(": ").Append(link.Uri).Append(']')
            .Append(link.Description is { Length: > 0 } description ? $"\n{description}" : "").ToString(),
        EmbeddedResourceBlock { Resource: TextResourceContents text } => $"[Resource {text.Uri}]\n{text.Text}",
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } when DecodeText(blob) is { } text => $"[Resource {blob.Uri}]\n{text}",
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } => Note($"resource {blob.Uri}", blob.MimeType, blob.Blob.Length),
        _ => McpResult.NoteOf($"type {block.Type}"),
    };

    // Some servers send every file as binary. Null if it is no text.
    private static string? DecodeText(BlobResourceContents blob)
    {
        var type = blob.MimeType?.Split(';')[0].Trim() ?? "";
        if (!type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && !Array.Exists(TextTypes, each => type.EndsWith(each, StringComparison.OrdinalIgnoreCase)))
            return null;
        var bytes = new byte[blob.Blob.Length / 4 * 3];
        if (Base64.DecodeFromUtf8(blob.Blob.Span, bytes, out _, out var length) != OperationStatus.Done || !Utf8.IsValid(bytes.AsSpan(0, length)))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.AsSpan().ContainsAnyInRange('\0', '\b') || text.AsSpan().ContainsAnyInRange('\u000E', '\u001A') ? null : text;
    }

    // The data is base64.
    private static string Note(string kind, string? mediaType, int length) => string.Create(
        CultureInfo.InvariantCulture, $"[{kind}, {mediaType ?? "unknown type"}, about {length / 4 * 3} bytes, not shown]");
}
