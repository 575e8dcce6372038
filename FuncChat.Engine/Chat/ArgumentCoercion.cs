using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Reads a tool call's arguments as they are meant: models send a number, a flag, a list or an object as a string, a whole number as 5.0, and null for an optional
/// property. Some schemas require properties that have a default, and models leave these out. What a schema does not ask for stays as it is.
/// </summary>
internal sealed class ArgumentCoercion
{
    // A list can repeat a large default without end, and references can lead to each other in any number of ways.
    private const int MostWork = 1024 * 1024;
    private const int CostOfItem = 32;
    private const int CostOfKeyword = 4;
    private const int MostNestedTypes = 16;

    // In digits. A double has at most 309 before its point.
    private const int LongestNumber = 1000;

    private readonly JsonElement _root;
    private int _room = MostWork;

    private ArgumentCoercion(JsonElement root) => _root = root;

    /// <summary>The arguments, changed where their schema asks for another type and the value says the same in it.</summary>
    /// <param name="arguments">A JSON object.</param>
    public static string Apply(string arguments, JsonElement schema)
    {
        try
        {
            var json = JsonNode.Parse(arguments)!.AsObject();
            var coercion = new ArgumentCoercion(schema);
            return coercion.ChangeWithin(json, schema) && coercion._room >= 0 ? json.ToJsonString() : arguments;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException)
        {
            // A duplicate property, or half a surrogate pair: the check reports it.
            return arguments;
        }
    }

    private bool Change(JsonObject json, JsonElement schema)
    {
        if (Keyword(schema, "properties", JsonValueKind.Object) is not { } properties)
            return false;
        var changed = false;
        var required = RequiredOf(schema);
        foreach (var name in required.OfType<string>())
        {
            if (Keyword(properties, name) is { } property && IsMissing(json, name, TypesOf(property)) && DefaultOf(property) is { } missing)
                (changed, json[name]) = (true, missing);
        }

        foreach (var (name, value) in json.ToList())
        {
            if (Keyword(properties, name) is not { } property)
                continue;
            var types = TypesOf(property);
            if (value is null && !required.Contains(name) && types.Count > 0 && !types.Contains("null"))
                changed |= json.Remove(name);
            else if (value is JsonValue scalar && Read(scalar, types) is { } read)
                (changed, json[name]) = (true, read);
            changed |= ChangeWithin(json[name], property);
        }

        return changed;
    }

    private bool ChangeWithin(JsonNode? value, JsonElement schema)
    {
        if (value is JsonObject json)
            return FormOf(schema, "object") is { } form && Change(json, form);
        if (value is not JsonArray list || FormOf(schema, "array") is not { } array || Keyword(array, "items", JsonValueKind.Object) is not { } items)
            return false;
        var changed = false;
        var types = TypesOf(items);
        var first = Keyword(array, "prefixItems", JsonValueKind.Array) is { } others ? others.GetArrayLength() : 0;
        for (var place = first; place < list.Count && _room >= 0; place++)
        {
            _room -= CostOfItem;
            if (list[place] is JsonValue scalar && Read(scalar, types) is { } read)
                (changed, list[place]) = (true, read);
            changed |= ChangeWithin(list[place], items);
        }

        return changed;
    }

    private static bool IsMissing(JsonObject json, string name, HashSet<string?> types) =>
        !json.TryGetPropertyValue(name, out var value) || (value is null && types.Count > 0 && !types.Contains("null"));

    // Null where there is none, or one that says nothing in the types that are asked for.
    private JsonNode? DefaultOf(JsonElement property)
    {
        var given = AlternativesOf(property).Prepend(property).Select(schema => Keyword(schema, "default")).FirstOrDefault(value => value is not null);
        if (given is not { } found || (_room -= found.GetRawText().Length) < 0 || JsonNode.Parse(found.GetRawText()) is not { } value)
            return null;
        var types = TypesOf(property);
        return types.Count == 0 || Fits(value, types) ? value
            : value is not JsonValue scalar ? null
            : Read(scalar, types) ?? (types.Contains("string") ? scalar.ToJsonString() : null);
    }

    private static bool Fits(JsonNode value, HashSet<string?> types) => value.GetValueKind() switch
    {
        JsonValueKind.String => types.Contains("string"),
        JsonValueKind.Number => types.Contains("number") || (types.Contains("integer") && value.AsValue().TryGetValue(out long _)),
        JsonValueKind.True or JsonValueKind.False => types.Contains("boolean"),
        JsonValueKind.Array => types.Contains("array"),
        _ => types.Contains("object"),
    };

    private HashSet<string?> RequiredOf(JsonElement schema) => Keyword(schema, "required", JsonValueKind.Array) is { } required ? NamesIn(required) : [];

    private HashSet<string?> NamesIn(JsonElement list)
    {
        _room -= list.GetArrayLength() * CostOfKeyword;
        return _room < 0 ? [] : list.EnumerateArray().Select(name => name.GetString()).ToHashSet(StringComparer.Ordinal);
    }

    // None where any is right.
    private HashSet<string?> TypesOf(JsonElement schema, int depth = 0)
    {
        if (Keyword(schema, "type") is { } type)
            return type.ValueKind is JsonValueKind.Array ? NamesIn(type) : [type.GetString()];
        if (depth == MostNestedTypes)
            return [];
        var types = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var alternative in AlternativesOf(schema))
        {
            var own = TypesOf(alternative, depth + 1);
            if (own.Count == 0)
                return [];
            types.UnionWith(own);
        }

        return types;
    }

    // The schema, or the alternative in it, that a value of this type must match; null where several may be meant.
    private JsonElement? FormOf(JsonElement schema, string type, int depth = 0)
    {
        if (Keyword(schema, "properties") is not null || Keyword(schema, "items") is not null)
            return schema;
        var forms = AlternativesOf(schema).Where(alternative => TypesOf(alternative) is var types && (types.Count == 0 || types.Contains(type))).Take(2).ToList();
        return forms.Count == 1 && depth < MostNestedTypes ? FormOf(forms[0], type, depth + 1) : null;
    }

    private IEnumerable<JsonElement> AlternativesOf(JsonElement schema) =>
        (Keyword(schema, "anyOf", JsonValueKind.Array) ?? Keyword(schema, "oneOf", JsonValueKind.Array)) is { } alternatives ? alternatives.EnumerateArray()
        : Keyword(schema, "$ref", JsonValueKind.String) is { } reference && Find(reference.GetString()!) is { } definition ? [definition]
        : [];

    private JsonElement? Find(string reference)
    {
        if ((_room -= reference.Length) < 0 || JsonPointer.Read(reference) is not { } names)
            return null;
        JsonElement? found = _root;
        foreach (var name in names)
            found = found is { } parent ? Keyword(parent, name) : null;
        return found;
    }

    // Null, too, after too much work: the arguments stay as they are then. A lookup compares the name with those of all properties.
    private JsonElement? Keyword(JsonElement schema, string name, JsonValueKind? kind = null)
    {
        if (schema.ValueKind is not JsonValueKind.Object || (_room -= CostOfKeyword + (schema.GetPropertyCount() / 8)) < 0)
            return null;
        return schema.TryGetProperty(name, out var value) && (kind is null || value.ValueKind == kind) ? value : null;
    }

    // Null where the value is right, or says nothing in the types that are asked for.
    private static JsonNode? Read(JsonValue value, HashSet<string?> types)
    {
        if (value.TryGetValue(out string? text))
        {
            return types.Contains("string") ? null
                : types.Contains("boolean") && text is "true" or "false" or "True" or "False" ? text is "true" or "True"
                : (types.Overlaps(["integer", "number"]) ? NumberIn(text, types) : null) ?? StructureOf(text, types);
        }

        // 5.0 is an integer by JSON Schema, but not to what binds the arguments.
        return types.Contains("integer") && !types.Contains("number") && value.GetValueKind() is JsonValueKind.Number && !value.TryGetValue(out long _)
            ? NumberIn(value.ToJsonString(), types)
            : null;
    }

    private static JsonNode? StructureOf(string text, HashSet<string?> types)
    {
        if (!(types.Contains("array") && text.AsSpan().TrimStart() is ['[', ..]) && !(types.Contains("object") && text.AsSpan().TrimStart() is ['{', ..]))
            return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // With all of its digits, of which a double has 15.
    private static JsonNode? NumberIn(string text, HashSet<string?> types)
    {
        if (text.Length > LongestNumber || text.Contains('\0', StringComparison.Ordinal)
            || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            return null;
        var whole = BigInteger.Zero;
        var isWhole = number == 0 ? !text.Split('e', 'E')[0].AsSpan().ContainsAnyInRange('1', '9')
            : Math.Abs(number) >= 1 && BigInteger.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out whole);
        if (isWhole && (!types.Contains("number") || BigInteger.Abs(whole) < 1L << 53))
            return JsonNode.Parse(whole.ToString(CultureInfo.InvariantCulture));
        return types.Contains("number") ? JsonNode.Parse(WithoutExtras(text.Trim())) : null;
    }

    // What JSON does not allow in a number: a plus sign, zeros before it, and a point without digits on both sides.
    private static string WithoutExtras(string number)
    {
        var sign = number[0] == '-' ? "-" : "";
        var digits = number.TrimStart('-', '+').TrimStart('0');
        return $"{sign}{(digits is [>= '1' and <= '9', ..] ? "" : "0")}{digits.Replace(".e", "e", StringComparison.OrdinalIgnoreCase).TrimEnd('.')}";
    }
}
