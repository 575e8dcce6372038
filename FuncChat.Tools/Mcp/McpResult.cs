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
                Content = [.. result.TryGetProperty("content", out var content) ? content.EnumerateArray().Select(BlockOf) : []],
                StructuredContent = FieldIn(result, "structuredContent"),
                IsError = FieldIn(result, "isError")?.GetBoolean(),
                Meta = FieldIn(result, "_meta")?.Deserialize<JsonObject>(),
            };
        }
        catch (InvalidOperationException invalid)
        {
            throw new JsonException("The result is not one of a tool.", invalid);
        }
    }

    private static ContentBlock BlockOf(JsonElement block)
    {
        try
        {
            if (block.Deserialize<ContentBlock>(McpJsonUtilities.DefaultOptions) is { } known)
                return known;
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or FormatException)
        {
            // Its type is unknown, or it is not as its type requires.
        }

        var hasType = block.ValueKind == JsonValueKind.Object && block.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String;
        return new TextContentBlock { Text = NoteOf(hasType ? $"type {ForeignText.Clean(block.GetProperty("type").GetString(), MaxType)}" : "unknown type") };
    }

    private static JsonElement? FieldIn(JsonElement result, string name) =>
        result.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
}
