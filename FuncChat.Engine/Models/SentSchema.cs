using System.Runtime.InteropServices;
using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.Models;

/// <summary>
/// The schema of a tool's arguments as providers accept it: an object with properties. Anthropic and OpenAI refuse alternatives at its top, so their properties
/// are offered together; a schema for which that can't be done is sent as it is. Arguments are still checked against the tool's own schema.
/// </summary>
internal sealed class SentSchema
{
    // Alternatives can refer to each other in any number of ways.
    private const int MostWork = 20_000;
    private const int MostNested = 16;
    private const int MostVariants = 100;

    // What is said in another way, and what is refused at the top.
    private static readonly string[] Replaced = ["type", "properties", "required", "$ref", "allOf", "anyOf", "oneOf", "not", "enum", "const"];

    private readonly Dictionary<string, Fields> _referenced = new(StringComparer.Ordinal);
    private readonly JsonElement _root;
    private int _room = MostWork;

    private SentSchema(JsonElement root) => _root = root;

    public static JsonElement Of(JsonElement schema)
    {
        if (IsPlain(schema))
            return schema;
        var fields = new SentSchema(schema).Read(schema, 0);
        var length = JsonMarshal.GetRawUtf8Value(schema).Length;
        if (fields.Properties.Values.Sum(variants => variants.Sum(variant => (long)JsonMarshal.GetRawUtf8Value(variant).Length)) > 2L * length || RefersToAlternatives(schema))
            return schema;
        return JsonElement.Parse(ContentParts.Write(json => Write(json, schema, fields)));
    }

    /// <summary>Whether a schema is sent as it is.</summary>
    public static bool IsPlain(JsonElement schema) =>
        MessageJson.Text(schema, "type") == "object" && Keyword(schema, "properties", JsonValueKind.Object) is not null && !HasAlternatives(schema);

    /// <summary>Whether a schema has at its top what is sent in another way.</summary>
    public static bool HasAlternatives(JsonElement schema) => schema.ValueKind is JsonValueKind.Object
        && schema.EnumerateObject().Any(keyword => keyword.Name is not ("type" or "properties" or "required") && Replaced.Contains(keyword.Name, StringComparer.Ordinal));

    // Whether it refers to what would no longer be there.
    private static bool RefersToAlternatives(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object => part.EnumerateObject().Any(keyword => keyword.Value.ValueKind is JsonValueKind.String
            ? keyword.Name is "$ref" or "$dynamicRef" && LeadsToAlternatives(keyword.Value.GetString()!)
            : RefersToAlternatives(keyword.Value)),
        JsonValueKind.Array => part.EnumerateArray().Any(RefersToAlternatives),
        _ => false,
    };

    // The schema may have an address, by which it refers to itself.
    private static bool LeadsToAlternatives(string reference) =>
        reference.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at && JsonPointer.Read(reference[at..]) is [var keyword and not ("properties" or "type" or "required"), ..] && Replaced.Contains(keyword, StringComparer.Ordinal);

    private static void Write(Utf8JsonWriter json, JsonElement schema, Fields fields)
    {
        json.WriteString("type"u8, "object"u8);
        json.WriteStartObject("properties"u8);
        foreach (var (name, variants) in fields.Properties)
        {
            json.WritePropertyName(name);
            WriteVariants(json, variants);
        }

        json.WriteEndObject();
        var required = fields.Required.Where(fields.Properties.ContainsKey).ToList();
        if (required.Count > 0)
        {
            json.WriteStartArray("required"u8);
            required.ForEach(json.WriteStringValue);
            json.WriteEndArray();
        }

        if (schema.ValueKind is not JsonValueKind.Object)
            return;
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Replaced.Contains(keyword.Name, StringComparer.Ordinal)))
        {
            json.WritePropertyName(keyword.Name);
            keyword.Value.WriteTo(json);
        }
    }

    // Alternatives often differ in a property that names them.
    private static void WriteVariants(Utf8JsonWriter json, List<JsonElement> variants)
    {
        if (variants.Count == 1)
        {
            variants[0].WriteTo(json);
            return;
        }

        json.WriteStartObject();
        if (variants.Count < MostVariants && variants.TrueForAll(variant => NamesOf(variant).Count > 0))
        {
            json.WriteString("type"u8, "string"u8);
            json.WriteStartArray("enum"u8);
            foreach (var name in variants.SelectMany(NamesOf).Distinct(StringComparer.Ordinal))
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        else if (variants.Count < MostVariants)
        {
            json.WriteStartArray("anyOf"u8);
            variants.ForEach(variant => variant.WriteTo(json));
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static List<string> NamesOf(JsonElement schema) =>
        MessageJson.Text(schema, "const") is { } name ? [name]
        : Keyword(schema, "enum", JsonValueKind.Array) is { } names && names.EnumerateArray().All(value => value.ValueKind is JsonValueKind.String)
            ? [.. names.EnumerateArray().Select(value => value.GetString()!)]
        : [];

    private Fields Read(JsonElement schema, int depth)
    {
        var fields = new Fields();
        foreach (var property in Keyword(schema, "properties", JsonValueKind.Object)?.EnumerateObject() ?? default)
            fields.Properties.TryAdd(property.Name, [property.Value]);
        foreach (var name in Items(schema, "required").Where(name => name.ValueKind is JsonValueKind.String))
            fields.Required.Add(name.GetString()!);
        if ((_room -= fields.Properties.Count + 1) < 0 || depth == MostNested)
            return fields;
        if (MessageJson.Text(schema, "$ref") is { } reference)
            AddAll(fields, [ReadReferenced(reference, depth)]);
        AddAll(fields, Items(schema, "allOf").Select(part => Read(part, depth + 1)));
        AddAny(fields, Items(schema, "anyOf").Where(CanBeObject).Select(part => Read(part, depth + 1)));
        AddAny(fields, Items(schema, "oneOf").Where(CanBeObject).Select(part => Read(part, depth + 1)));
        return fields;
    }

    // A schema that is part of itself adds nothing.
    private Fields ReadReferenced(string reference, int depth)
    {
        if (_referenced.TryGetValue(reference, out var known))
            return known;
        _referenced[reference] = new Fields();
        return Find(reference) is { } found ? _referenced[reference] = Read(found, depth + 1) : _referenced[reference];
    }

    private void AddAll(Fields fields, IEnumerable<Fields> parts)
    {
        foreach (var part in parts)
        {
            if ((_room -= part.Properties.Count + part.Required.Count) < 0)
                return;
            foreach (var (name, variants) in part.Properties)
                fields.Properties.TryAdd(name, variants);
            fields.Required.UnionWith(part.Required);
        }
    }

    private void AddAny(Fields fields, IEnumerable<Fields> alternatives)
    {
        HashSet<string>? required = null;
        var added = new Dictionary<string, List<JsonElement>>(StringComparer.Ordinal);
        foreach (var alternative in alternatives)
        {
            if ((_room -= alternative.Properties.Count + alternative.Required.Count) < 0)
                return;
            foreach (var (name, variants) in alternative.Properties)
            {
                if (added.TryGetValue(name, out var own))
                    AddVariants(own, variants);
                else if (fields.Properties.TryAdd(name, own = [.. variants]))
                    added.Add(name, own);
            }

            if (required is null)
                required = [.. alternative.Required];
            else
                required.IntersectWith(alternative.Required);
        }

        fields.Required.UnionWith(required ?? []);
    }

    private void AddVariants(List<JsonElement> own, List<JsonElement> more)
    {
        foreach (var variant in more)
        {
            if (own.Count < MostVariants && (_room -= own.Count) >= 0 && !own.Exists(other => JsonMarshal.GetRawUtf8Value(other).SequenceEqual(JsonMarshal.GetRawUtf8Value(variant))))
                own.Add(variant);
        }
    }

    private static bool CanBeObject(JsonElement schema) => schema.ValueKind is JsonValueKind.Object
        ? !schema.TryGetProperty("type", out var type) || type.ValueKind switch
        {
            JsonValueKind.String => type.ValueEquals("object"),
            JsonValueKind.Array => type.EnumerateArray().Any(each => each.ValueKind is JsonValueKind.String && each.ValueEquals("object")),
            _ => true,
        }
        : schema.ValueKind is not JsonValueKind.False;

    private JsonElement? Find(string reference)
    {
        if ((_room -= reference.Length) < 0 || JsonPointer.Read(reference) is not { } names)
            return null;
        JsonElement? found = _root;
        foreach (var name in names)
        {
            found = found is not { } parent ? null
                : parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member
                : parent.ValueKind is JsonValueKind.Array && WholeNumber.TryRead(name, out int place) && place >= 0 && place < parent.GetArrayLength() ? parent[place]
                : null;
        }

        return found;
    }

    private static JsonElement? Keyword(JsonElement schema, string name, JsonValueKind kind) =>
        schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    private static IEnumerable<JsonElement> Items(JsonElement schema, string name) =>
        Keyword(schema, name, JsonValueKind.Array) is { } list ? list.EnumerateArray() : [];

    /// <summary>The properties of a schema and of the alternatives in it, each with the schemas that alternatives have for it, and what all of them require.</summary>
    private sealed class Fields
    {
        public OrderedDictionary<string, List<JsonElement>> Properties { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Required { get; } = new(StringComparer.Ordinal);
    }
}
