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

    // Schemas of the object that the schema with the keyword describes.
    private static readonly string[] SameObject = [.. Compositions, "not", "if", "then", "else", "dependentSchemas", "dependencies"];

    // Their members are names, not keywords.
    private static readonly string[] Maps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];

    // Their content is data.
    private static readonly string[] Values = ["enum", "const", "default", "example", "examples", "required", "dependentRequired"];

    /// <summary>Removes them at every level of a schema without references.</summary>
    public static void Remove(JsonObject schema) => Remove(schema, new HashSet<string>(StringComparer.Ordinal));

    /// <param name="names">Those of the schemas that describe the same object.</param>
    /// <returns>Whether this object accepts more than before, also where it has none of these properties.</returns>
    private static bool Remove(JsonObject schema, HashSet<string> names)
    {
        if (NamesIn(schema).ToList() is { Count: > 0 } own)
            names = [.. names, .. own];
        if (schema["properties"] is JsonObject properties)
        {
            foreach (var (name, _) in properties.Where(property => IsReadOnly(property.Value)).ToList())
                properties.Remove(name);
        }

        var isWider = names.Count > 0 && RemoveNames(schema, names);
        foreach (var (keyword, value) in schema.Where(each => !Values.Contains(each.Key, StringComparer.Ordinal)).ToList())
        {
            var isSame = SameObject.Contains(keyword, StringComparer.Ordinal);
            var isChildWider = false;
            foreach (var child in ChildrenOf(keyword, value).ToList())
                isChildWider |= Remove(child, isSame ? names : new HashSet<string>(StringComparer.Ordinal));
            if (!isSame || !isChildWider)
                continue;
            isWider = true;
            Loosen(schema, keyword);
        }

        return isWider;
    }

    // A wider `not` refuses more, a wider `if` applies to more, and more than one of `oneOf` may accept the same.
    private static void Loosen(JsonObject schema, string keyword)
    {
        switch (keyword)
        {
            case "not":
                schema.Remove("not");
                break;
            case "if":
                schema.Remove("if");
                schema.Remove("then");
                schema.Remove("else");
                break;
            case "oneOf":
                schema.Remove("oneOf", out var any);
                if (!schema.ContainsKey("anyOf"))
                    schema["anyOf"] = any;
                else if (schema["allOf"] is JsonArray all)
                    all.Add(new JsonObject { ["anyOf"] = any });
                else
                    schema["allOf"] = new JsonArray(new JsonObject { ["anyOf"] = any });
                break;
        }
    }

    // Where names count as those of the object's properties.
    private static bool RemoveNames(JsonObject schema, HashSet<string> names)
    {
        var isWider = RemoveFrom(schema, "required");
        foreach (var keyword in (string[])["dependentRequired", "dependentSchemas", "dependencies"])
        {
            if (schema[keyword] is not JsonObject dependencies)
                continue;
            foreach (var (name, _) in dependencies.ToList())
                isWider |= names.Contains(name) ? dependencies.Remove(name) : RemoveFrom(dependencies, name);
            if (dependencies.Count == 0)
                schema.Remove(keyword);
        }

        // At least one, of those that remain.
        if (schema["minProperties"] is JsonValue min && min.TryGetValue<int>(out var count) && count > 0)
        {
            var remaining = Math.Max(count - names.Count, schema["properties"] is JsonObject { Count: > 0 } ? 1 : 0);
            isWider |= remaining < count;
            if (remaining > 0)
                schema["minProperties"] = Math.Min(count, remaining);
            else
                schema.Remove("minProperties");
        }

        return isWider;

        bool RemoveFrom(JsonObject parent, string key)
        {
            if (parent[key] is not JsonArray list)
                return false;
            var removed = list.RemoveAll(name => name is JsonValue value && value.TryGetValue<string>(out var text) && names.Contains(text));
            if (list.Count == 0)
                parent.Remove(key);
            return removed > 0;
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
        property is JsonObject schema
        && (schema["readOnly"]?.GetValueKind() == JsonValueKind.True || (schema["allOf"] as JsonArray ?? []).Any(IsReadOnly) || AreReadOnly(schema["anyOf"]) || AreReadOnly(schema["oneOf"]));

    // Null is no value to send.
    private static bool AreReadOnly(JsonNode? alternatives) =>
        (alternatives as JsonArray ?? []).Where(each => (each as JsonObject)?["type"] is not JsonValue type || !type.TryGetValue<string>(out var name) || name != "null").ToList() is { Count: > 0 } given
        && given.TrueForAll(IsReadOnly);
}
