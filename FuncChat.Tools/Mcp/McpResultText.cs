using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// A tool's result as text for the model. An image that was kept becomes a reference (<see cref="ImageReference"/>), any other image or audio a note, a link its address.
/// </summary>
internal static class McpResultText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="images">The ids of the files that images were kept as.</param>
    public static string Of(CallToolResult result, IReadOnlyDictionary<ImageContentBlock, string> images)
    {
        var parts = result.Content.Select(block => block is ImageContentBlock image && images.TryGetValue(image, out var id) ? ImageReference.To(id) : TextOf(block)).ToList();
        if (result.StructuredContent is { } structured && !Repeats(result.Content, structured))
            parts.Add(JsonSerializer.Serialize(structured, Readable));
        return parts.Count > 0 ? string.Join("\n\n", parts) : "The tool returned nothing.";
    }

    // Servers repeat structured content as text, for clients that support only text.
    private static bool Repeats(IList<ContentBlock> content, JsonElement structured)
    {
        if (content.OfType<TextContentBlock>().FirstOrDefault() is not { } text || !text.Text.AsSpan().TrimStart().StartsWith("{"))
            return false;
        try
        {
            using var document = JsonDocument.Parse(text.Text);
            return JsonElement.DeepEquals(document.RootElement, structured);
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
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } => Note($"resource {blob.Uri}", blob.MimeType, blob.Blob.Length),
        _ => $"[Content of type {block.Type}, not shown]",
    };

    // The data is base64.
    private static string Note(string kind, string? mediaType, int length) => string.Create(
        CultureInfo.InvariantCulture, $"[{kind}, {mediaType ?? "unknown type"}, about {length / 4 * 3} bytes, not shown]");
}
