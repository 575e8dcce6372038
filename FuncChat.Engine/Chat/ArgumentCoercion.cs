using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Reads a tool call's arguments as they are meant: small models send a number or a flag as a string, a whole number as 5.0, and null for an optional
/// property. Some schemas require properties that have a default, and models leave these out. What a schema does not ask for stays as it is.
/// </summary>
internal static class ArgumentCoercion
{
    /// <summary>The arguments, changed where their schema asks for another type and the value says the same in it.</summary>
    /// <param name="arguments">A JSON object.</param>
    public static string Apply(string arguments, JsonElement schema)
    {
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind is not JsonValueKind.Object)
            return arguments;
        JsonObject json;
        try
        {
            json = JsonNode.Parse(arguments)!.AsObject();
            return Change(json, properties, RequiredOf(schema)) ? json.ToJsonString() : arguments;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException)
        {
            // A duplicate property, or half a surrogate pair: the check reports it.
            return arguments;
        }
    }

    private static HashSet<string?> RequiredOf(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) && required.ValueKind is JsonValueKind.Array
            ? required.EnumerateArray().Select(name => name.GetString()).ToHashSet(StringComparer.Ordinal)
            : [];

    private static bool Change(JsonObject json, JsonElement properties, HashSet<string?> required)
    {
        var changed = false;
        foreach (var name in required.OfType<string>())
        {
            if (properties.TryGetProperty(name, out var property) && IsMissing(json, name, TypesOf(property)) && DefaultOf(property) is { } missing)
                (changed, json[name]) = (true, missing);
        }

        foreach (var (name, value) in json.ToList())
        {
            if (!properties.TryGetProperty(name, out var property))
                continue;
            var types = TypesOf(property);
            if (value is null && !required.Contains(name) && types.Count > 0 && !types.Contains("null"))
                changed |= json.Remove(name);
            else if (value is JsonValue scalar && Read(scalar, types) is { } read)
                (changed, json[name]) = (true, read);
        }

        return changed;
    }

    private static bool IsMissing(JsonObject json, string name, HashSet<string?> types) =>
        !json.TryGetPropertyValue(name, out var value) || (value is null && types.Count > 0 && !types.Contains("null"));

    private static JsonNode? DefaultOf(JsonElement property) =>
        property.ValueKind is JsonValueKind.Object && property.TryGetProperty("default", out var value) ? JsonNode.Parse(value.GetRawText()) : null;

    private static HashSet<string?> TypesOf(JsonElement property) =>
        property.ValueKind is not JsonValueKind.Object || !property.TryGetProperty("type", out var type) ? []
        : type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Select(each => each.GetString()).ToHashSet(StringComparer.Ordinal)
        : [type.GetString()];

    // Null where the value is right, or says nothing in the types that are asked for.
    private static JsonNode? Read(JsonValue value, HashSet<string?> types)
    {
        if (value.TryGetValue(out string? text))
        {
            return types.Contains("string") ? null
                : types.Contains("boolean") && text is "true" or "false" or "True" or "False" ? text is "true" or "True"
                : types.Overlaps(["integer", "number"]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed)
                    ? NumberOf(parsed, types)
                    : null;
        }

        // 5.0 is an integer by JSON Schema, but not to what binds the arguments.
        return types.Contains("integer") && !types.Contains("number") && value.GetValueKind() is JsonValueKind.Number
            && !value.TryGetValue(out long _) && value.TryGetValue(out double number)
                ? NumberOf(number, types)
                : null;
    }

    private static JsonNode? NumberOf(double number, HashSet<string?> types) =>
        number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number
        : types.Contains("number") ? number
        : null;
}
