using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tools;
using NJsonSchema;

namespace FuncChat.Engine.Chat;

/// <summary>
/// The part of a JSON Schema that the validator can check, in the words of draft 4, which it knows. It fails at others, such as `true` as a schema or a reference
/// within `$defs`, and follows references in a circle without end. What is left out forbids nothing.
/// </summary>
internal sealed class CheckableSchema
{
    // Schemas that one value is checked against. References to references can multiply without end.
    private const int MostChecks = 1000;

    // It is followed again for each value.
    private const int WorkOfReference = 9;

    // Of an enumeration. Each value is compared with all of them.
    private const int MostValues = 1000;

    private static readonly string[] Types = ["string", "number", "integer", "boolean", "object", "array", "null"];
    private static readonly string[] InPlace = ["anyOf", "allOf"];

    // Alternatives that differ only in what is left out would all match, so that one of them is enough.
    private static readonly (string Keyword, string Known)[] Renamed = [("$defs", "definitions"), ("oneOf", "anyOf"), ("prefixItems", "items"), ("const", "enum")];

    private readonly HashSet<JsonObject> _all = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<JsonObject, int> _checks = new(ReferenceEqualityComparer.Instance);
    private readonly JsonObject _root;

    private CheckableSchema(JsonNode? schema)
    {
        _root = Of(schema);
        foreach (var each in _all)
            ChecksOf(each);
    }

    /// <summary>Reads a schema; one that can't be read accepts everything.</summary>
    public static async Task<JsonSchema> ReadAsync(JsonElement schema)
    {
        try
        {
            return await JsonSchema.FromJsonAsync(new CheckableSchema(JsonNode.Parse(schema.GetRawText()))._root.ToJsonString());
        }
        catch (Exception)
        {
            return new JsonSchema();
        }
    }

    private JsonObject Of(JsonNode? schema)
    {
        var own = new JsonObject();
        _all.Add(own);
        if (schema is not JsonObject given)
        {
            if (schema?.GetValueKind() == JsonValueKind.False)
                own["not"] = new JsonObject();
            return own;
        }

        foreach (var (keyword, value) in given)
        {
            if (PartOf(keyword, value) is { } part)
                own.TryAdd(Array.Find(Renamed, each => each.Keyword == keyword).Known ?? keyword, part);
        }

        if (given["prefixItems"] is JsonArray { Count: > 0 } first)
            (own["items"], own["additionalItems"]) = (ListOf(first), given.ContainsKey("items") ? BoolOrOf(given["items"]) : true);
        if (own.Remove("pattern", out var pattern))
            own[BoundedValidator.Pattern] = pattern;
        if (given.ContainsKey("patternProperties"))
            own.Remove("additionalProperties");
        return own;
    }

    private JsonNode? PartOf(string keyword, JsonNode? value) => (keyword, value) switch
    {
        ("properties" or "$defs" or "definitions", JsonObject map) => new JsonObject(map.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Key, Of(each.Value)))),
        ("anyOf" or "oneOf" or "allOf" or "items", JsonArray { Count: > 0 } list) => ListOf(list),
        ("items", JsonObject or JsonValue) => Of(value),
        ("additionalProperties" or "additionalItems", JsonObject or JsonValue) => BoolOrOf(value),
        ("type", JsonValue) when IsType(value) => value.DeepClone(),
        ("type", JsonArray { Count: > 0 } list) when list.All(IsType) => value.DeepClone(),
        ("required", JsonArray list) => new JsonArray([.. list.Where(name => name?.GetValueKind() == JsonValueKind.String).Select(name => name!.DeepClone())]),
        ("enum", JsonArray { Count: > 0 and <= MostValues } list) when list.All(IsComparable) => value.DeepClone(),
        ("const", _) when IsComparable(value) => new JsonArray(value?.DeepClone()),
        ("$ref", JsonValue text) when text.TryGetValue(out string? reference) => Renamed.Aggregate(reference, (path, each) => path.Replace($"/{each.Keyword}/", $"/{each.Known}/", StringComparison.Ordinal)),
        ("format", JsonValue text) when text.GetValueKind() == JsonValueKind.String => text.DeepClone(),
        ("pattern", JsonValue text) when text.TryGetValue(out string? pattern) && BoundedValidator.IsPattern(pattern) => text.DeepClone(),
        ("uniqueItems" or "nullable", JsonValue flag) when flag.TryGetValue(out bool _) => flag.DeepClone(),
        ("exclusiveMinimum" or "exclusiveMaximum", JsonValue flag) when flag.TryGetValue(out bool _) => flag.DeepClone(),
        ("minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum", JsonValue limit) when limit.TryGetValue(out decimal number) => number,
        ("multipleOf", JsonValue factor) when factor.TryGetValue(out decimal number) && number > 0 => number,
        ("minLength" or "maxLength" or "minItems" or "maxItems" or "minProperties" or "maxProperties", JsonValue count)
            when count.TryGetValue(out double number) && number is >= 0 and <= int.MaxValue => (int)number,
        _ => null,
    };

    private JsonArray ListOf(JsonArray list) => new([.. list.Select(Of)]);

    private JsonNode BoolOrOf(JsonNode? value) => value is JsonValue flag && flag.TryGetValue(out bool allowed) ? allowed : Of(value);

    private static bool IsType(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? type) && Types.Contains(type, StringComparer.Ordinal);

    // The library compares texts: those of lists and objects depend on their order, those of long numbers on their digits, and it reads some texts as dates.
    private static bool IsComparable(JsonNode? value) => value switch
    {
        null => true,
        JsonValue text when text.TryGetValue(out string? content) => !(content.StartsWith("/Date(", StringComparison.Ordinal) || (content.Length >= 16 && char.IsAsciiDigit(content[0]) && content[10] == 'T')),
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => number.TryGetValue(out long whole) && Math.Abs(whole) < 1L << 53,
        JsonValue => true,
        _ => false,
    };

    // Removes what would cost too many, as a reference that leads to itself does.
    private int ChecksOf(JsonObject schema)
    {
        if (_checks.TryGetValue(schema, out var known))
            return known;
        _checks[schema] = MostChecks;
        var checks = 1;
        foreach (var keyword in InPlace)
            Add(keyword, (schema[keyword] as JsonArray)?.Sum(each => ChecksOf(each!.AsObject())) ?? 0);
        if (schema["$ref"] is { } reference)
            Add("$ref", Find(reference.GetValue<string>()) is { } target ? ChecksOf(target) + WorkOfReference : MostChecks);
        return _checks[schema] = checks;

        void Add(string keyword, int more)
        {
            if (checks + more > MostChecks)
                schema.Remove(keyword);
            else
                checks += more;
        }
    }

    private JsonObject? Find(string reference)
    {
        if (JsonPointer.Read(reference) is not { } names)
            return null;
        JsonNode? found = _root;
        foreach (var name in names)
        {
            found = found is JsonObject json ? json[name]
                : found is JsonArray list && WholeNumber.TryRead(name, out int place) && place < list.Count ? list[place]
                : null;
        }

        return found is JsonObject schema && _all.Contains(schema) ? schema : null;
    }
}
