using System.Text.Json;

namespace FuncChat.Engine.Models.Responses;

/// <summary>Reads an item of a response's `output`.</summary>
internal static class OutputItem
{
    /// <summary>The parts of an item in a field, such as `content`; none if it has no such list.</summary>
    public static IEnumerable<JsonElement> Parts(JsonElement item, string field) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(field, out var parts) && parts.ValueKind is JsonValueKind.Array ? parts.EnumerateArray() : [];

    /// <summary>The texts and refusals of the parts, joined.</summary>
    public static string Text(JsonElement item, string field) =>
        string.Concat(Parts(item, field).Select(part => MessageJson.Text(part, "text") ?? MessageJson.Text(part, "refusal")));
}
