using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tools;

/// <summary>
/// Cleans a tool's schema that comes from outside: providers refuse parts of JSON Schema, and a validator would follow its references and run its
/// regular expressions.
/// </summary>
internal static class ToolSchema
{
    /// <summary>The most characters of a tool's schema.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxDepth = 24;

    // Identifiers and references to elsewhere would be fetched; expressions can take for ever; the rest no provider knows.
    private static readonly string[] Removed = ["$schema", "$id", "$comment", "pattern", "patternProperties", "propertyNames", "examples", "x-mcp-header"];

    // Their members are names, not keywords.
    private static readonly string[] Maps = ["properties", "$defs", "definitions", "dependentSchemas"];

    private static readonly string[] Values = ["enum", "const", "default", "required", "dependentRequired"];

    /// <summary>The cleaned schema of an object; null where the given one can't be used.</summary>
    public static JsonElement? Clean(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || schema.GetRawText().Length > MaxLength)
            return null;
        try
        {
            if (JsonNode.Parse(schema.GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = 2 * MaxDepth }) is not JsonObject root || !Clean(root, 1))
                return null;
            if (root["type"] is { } type && !IsObject(type))
                return null;
            root["type"] = "object";
            root["properties"] ??= new JsonObject();
            return root["properties"] is JsonObject ? JsonSerializer.SerializeToElement(root) : null;
        }
        catch (Exception invalid) when (invalid is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // Some list it as one of several: ["object", "null"].
    private static bool IsObject(JsonNode type) => type switch
    {
        JsonValue value => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == "object",
        JsonArray array => array.Any(item => item is not null && IsObject(item)),
        _ => false,
    };

    private static bool Clean(JsonObject schema, int depth)
    {
        if (depth > MaxDepth)
            return false;
        if (schema.ContainsKey("patternProperties"))
            schema.Remove("additionalProperties");
        foreach (var keyword in Removed)
            schema.Remove(keyword);
        foreach (var (keyword, _) in schema.Where(each => each.Value is null && each.Key != "const").ToList())
            schema.Remove(keyword);
        if (schema["$ref"] is { } reference && (reference.GetValueKind() != JsonValueKind.String || !reference.GetValue<string>().StartsWith('#')))
            schema.Remove("$ref");
        AddType(schema);
        foreach (var (keyword, value) in schema.ToList())
        {
            var valid = value switch
            {
                _ when Values.Contains(keyword, StringComparer.Ordinal) => true,
                JsonObject map when Maps.Contains(keyword, StringComparer.Ordinal) => map.ToList().TrueForAll(each => CleanMember(map, each.Key, depth + 1)),
                JsonObject child => Clean(child, depth + 1),
                JsonArray array => array.OfType<JsonObject>().All(each => Clean(each, depth + 1)),
                _ => true,
            };
            if (!valid)
                return false;
        }

        return true;
    }

    // In YAML, a property without a schema is null; it accepts any value, and so does one whose schema is not valid.
    private static bool CleanMember(JsonObject map, string name, int depth)
    {
        if (map[name] is not JsonObject && map[name]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            map[name] = new JsonObject();
        return map[name] is not JsonObject schema || Clean(schema, depth);
    }

    // Where only one type makes sense.
    private static void AddType(JsonObject schema)
    {
        if (schema.ContainsKey("type") || schema.ContainsKey("$ref") || schema.ContainsKey("anyOf") || schema.ContainsKey("oneOf") || schema.ContainsKey("allOf"))
            return;
        if (schema["properties"] is JsonObject)
            schema["type"] = "object";
        else if (schema.ContainsKey("items"))
            schema["type"] = "array";
        else if (schema["enum"] is JsonArray values && values.Count > 0 && values.All(value => value?.GetValueKind() == JsonValueKind.String))
            schema["type"] = "string";
    }
}
