using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Engine.Models;

/// <summary>
/// Fields that go back to their provider, as nodes. <see cref="JsonNode.Parse(ref Utf8JsonReader, JsonNodeOptions?)"/> reads an object only when it is first used, and
/// throws then if a name occurs twice or a text has half a surrogate pair, which JSON allows. Here the last value of a name counts, and halves are kept.
/// </summary>
internal static class StateJson
{
    // In events and messages the fields are nested deeper, and a reader of those accepts 64.
    private const int MaxDepth = 40;

    /// <summary>Reads the value that the reader is at.</summary>
    /// <exception cref="JsonException">It is nested too deeply.</exception>
    public static JsonNode? Read(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Of(document.RootElement);
    }

    /// <exception cref="JsonException">It is nested too deeply.</exception>
    public static JsonNode? Of(JsonElement element) => Of(element.Clone(), 0);

    private static JsonNode? Of(JsonElement element, int depth)
    {
        if (depth > MaxDepth)
            throw new JsonException($"A field that goes back to the provider is nested deeper than {MaxDepth} levels.");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new JsonObject();
                foreach (var property in element.EnumerateObject())
                    fields[JsonStringBytes.Unescape(JsonMarshal.GetRawUtf8PropertyName(property))] = Of(property.Value, depth + 1);
                return fields;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(item => Of(item, depth + 1))]);
            case JsonValueKind.String:
                return JsonValue.Create(JsonStringBytes.TextOf(element));
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element);
        }
    }
}
