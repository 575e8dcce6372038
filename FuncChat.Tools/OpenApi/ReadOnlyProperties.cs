using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tools.OpenApi;

/// <summary>
/// Removes the properties that only responses have: a server refuses or ignores them, and that they are required applies to responses only
/// (https://spec.openapis.org/oas/v3.0.4#schema-object).
/// </summary>
internal static class ReadOnlyProperties
{
    private static readonly string[] Compositions = ["allOf", "anyOf", "oneOf"];

    // Their members are names, not keywords.
    private static readonly string[] Maps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

    // Their content is data.
    private static readonly string[] Values = ["enum", "const", "default", "example", "examples", "required", "dependentRequired"];

    /// <summary>Removes them at every level of a schema without references.</summary>
    public static void Remove(JsonObject schema) => Remove(schema, []);

    /// <param name="names">Those of the schemas that describe the same object.</param>
    private static void Remove(JsonObject schema, IEnumerable<string> names)
    {
        var all = names.Union(NamesIn(schema), StringComparer.Ordinal).ToList();
        if (schema["properties"] is JsonObject properties)
        {
            foreach (var (name, _) in properties.Where(property => IsReadOnly(property.Value)).ToList())
                properties.Remove(name);
        }

        if (schema["required"] is JsonArray required)
        {
            required.RemoveAll(name => name is JsonValue value && value.TryGetValue<string>(out var text) && all.Contains(text, StringComparer.Ordinal));
            if (required.Count == 0)
                schema.Remove("required");
        }

        foreach (var (keyword, value) in schema.Where(each => !Values.Contains(each.Key, StringComparer.Ordinal)))
        {
            var isSame = Compositions.Contains(keyword, StringComparer.Ordinal);
            foreach (var child in ChildrenOf(keyword, value))
                Remove(child, isSame ? all : []);
        }
    }

    private static IEnumerable<JsonObject> ChildrenOf(string keyword, JsonNode? value) => value switch
    {
        JsonObject map when Maps.Contains(keyword, StringComparer.Ordinal) => map.Select(each => each.Value).OfType<JsonObject>(),
        JsonObject child => [child],
        JsonArray children => children.OfType<JsonObject>(),
        _ => [],
    };

    private static IEnumerable<string> NamesIn(JsonObject schema) =>
        (schema["properties"] as JsonObject ?? []).Where(property => IsReadOnly(property.Value)).Select(property => property.Key)
            .Concat(Compositions.SelectMany(keyword => (schema[keyword] as JsonArray ?? []).OfType<JsonObject>()).SelectMany(NamesIn));

    private static bool IsReadOnly(JsonNode? property) =>
        property is JsonObject schema && (schema["readOnly"]?.GetValueKind() == JsonValueKind.True || (schema["allOf"] as JsonArray ?? []).Any(IsReadOnly));
}
