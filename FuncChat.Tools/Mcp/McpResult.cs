using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>Reads results of calls. The SDK refuses a whole result for one block of content that it does not know.</summary>
internal static class McpResult
{
    private const int MaxType = 50;

    /// <summary>The note in place of content that is not shown.</summary>
    public static string NoteOf(string type) => $"[Content of {type}, not shown]";

    /// <exception cref="JsonException">It is not a result.</exception>
    public static CallToolResult Read(JsonElement result)
    {
        try
        {
            return new CallToolResult
            {
                Content = [.. ContentIn(result)?.EnumerateArray().Select(BlockOf) ?? []],
                StructuredContent = FieldIn(result, "structuredContent"),
                IsError = FieldIn(result, "isError") is { } isError && (isError.ValueKind == JsonValueKind.String ? !isError.ValueEquals("false") : isError.GetBoolean()),
                Meta = FieldIn(result, "_meta") is { ValueKind: JsonValueKind.Object } meta && FieldIn(meta, QuestionTransport.Key) is { } asked
                    ? new JsonObject { [QuestionTransport.Key] = JsonNode.Parse(asked.GetRawText()) }
                    : null,
            };
        }
        catch (InvalidOperationException invalid)
        {
            throw new JsonException("The result is not one of a tool.", invalid);
        }
    }

    private static ContentBlock BlockOf(JsonElement block) =>
        TryRead(() => block) ?? TryRead(() => WithoutAnnotations(block))
        ?? new TextContentBlock { Text = NoteOf(JsonFields.TextIn(block, "type") is { } type ? $"type {ForeignText.Clean(type, MaxType)}" : "unknown type") };

    private static ContentBlock? TryRead(Func<JsonElement> block)
    {
        try
        {
            return block().Deserialize<ContentBlock>(McpJsonUtilities.DefaultOptions);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // Its type is unknown, or it is not as its type requires.
            return null;
        }
    }

    // They may not be valid, and are not used.
    private static JsonElement WithoutAnnotations(JsonElement block) => JsonSerializer.SerializeToElement(
        block.EnumerateObject().Where(field => field.Name is not ("annotations" or "_meta")).ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));

    // Structured content may be all that a result has.
    private static JsonElement? ContentIn(JsonElement result) =>
        result.TryGetProperty("content", out var content) && (content.ValueKind != JsonValueKind.Null || FieldIn(result, "structuredContent") is null) ? content : null;

    private static JsonElement? FieldIn(JsonElement result, string name) =>
        result.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
}
