using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>The schemas of a document, with the schemas that they refer to in their places: a tool's schema must be self-contained.</summary>
internal sealed partial class ApiSchemas(OpenApiDocument document)
{
    // Their content is data.
    private static readonly string[] Values = ["enum", "const", "default", "example", "examples", "required"];

    // Their members are names, not keywords.
    private static readonly string[] Maps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];

    private readonly Dictionary<string, JsonObject?> _schemas = new(StringComparer.Ordinal);

    /// <summary>A reader for the schemas of one tool. It returns null from where they are too large together.</summary>
    /// <param name="depth">How many references deep others are included. What is deeper has only its type and its description, as has a schema within itself.</param>
    public Func<IOpenApiSchema?, JsonObject?> ReaderFor(int depth, CancellationToken cancellationToken) => new Reader(this, depth, cancellationToken).Read;

    // In version 3.0 these are true or false, also in some documents of version 3.1: the library then writes `True`.
    [GeneratedRegex("""(?<keyword>"exclusiveM(in|ax)imum"\s*:\s*)(true|false)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex BooleanLimits { get; }

    private static JsonNode? Serialize(IOpenApiSerializable part)
    {
        using var json = new StringWriter(CultureInfo.InvariantCulture);
        part.SerializeAsV31(new OpenApiJsonWriter(json));
        return JsonNode.Parse(BooleanLimits.Replace(json.ToString(), "${keyword}null"));
    }

    // Null for a reference to another document, or to another place in this one. What is referred to is a part of its schema, which is read once.
    private JsonObject? Find(string pointer)
    {
        if (JsonPointer.Read(pointer) is not ["components", "schemas", var name, .. var rest])
            return null;
        // The library joins what follows a name.
        var isJoined = name.Contains('/', StringComparison.Ordinal) && document.Components?.Schemas?.ContainsKey(name) != true;
        string[] places = [.. isJoined ? JsonPointer.Read($"#/{name}")! : [name], .. rest];
        return places.Skip(1).Aggregate<string, JsonNode?>(FindSchema(places[0]), ChildOf) as JsonObject;
    }

    private JsonObject? FindSchema(string name)
    {
        if (_schemas.TryGetValue(name, out var known))
            return known;
        return _schemas[name] = document.Components?.Schemas?.TryGetValue(name, out var schema) == true ? Serialize(schema) as JsonObject : null;
    }

    private static JsonNode? ChildOf(JsonNode? node, string name) => node switch
    {
        JsonObject members => members[name],
        JsonArray items when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count => items[index],
        _ => null,
    };

    // The library writes what version 3.1 does not have as a keyword of its own, also what earlier versions have.
    private static void KeepEarlierKeywords(JsonObject schema)
    {
        if (!schema.Remove("unrecognizedKeywords", out var others) || others is not JsonObject members)
            return;
        if (members["dependencies"] is JsonObject dependencies)
            schema["dependencies"] = dependencies.DeepClone();
        if (members["nullable"]?.GetValueKind() != JsonValueKind.True || schema["type"] is not JsonValue type)
            return;
        schema["type"] = new JsonArray(type.DeepClone(), "null");
        if (schema["enum"] is JsonArray values && !values.Contains(null))
            values.Add(null);
    }

    private sealed class Reader(ApiSchemas schemas, int depth, CancellationToken cancellationToken)
    {
        // A document of some KB can refer a thousand times to its largest schema: what is copied counts before it is copied.
        private int _room = ToolSchema.MaxLength;

        public JsonObject? Read(IOpenApiSchema? schema)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (schema is null)
                return [];
            var node = Serialize(schema) as JsonObject ?? [];
            if (!Take(node) || !Include(node, []))
                return null;
            ReadOnlyProperties.Remove(node);
            return node;
        }

        /// <param name="open">The references that lead here.</param>
        private bool Include(JsonObject schema, IReadOnlyList<string> open, bool isMap = false)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!isMap)
                KeepEarlierKeywords(schema);
            if (schema["$ref"] is JsonValue reference && reference.GetValueKind() == JsonValueKind.String)
            {
                schema.Remove("$ref");
                var pointer = reference.GetValue<string>();
                var isLeaf = open.Count >= depth || open.Contains(pointer, StringComparer.Ordinal);
                foreach (var (keyword, value) in schemas.Find(pointer) ?? [])
                {
                    // What is next to a reference is more specific.
                    if (schema.ContainsKey(keyword) || (isLeaf && keyword is not ("type" or "description" or "readOnly")))
                        continue;
                    if (!Take(value))
                        return false;
                    schema[keyword] = value?.DeepClone();
                }

                return isLeaf || Include(schema, [.. open, pointer]);
            }

            foreach (var (keyword, value) in schema.ToList())
            {
                var children = value is JsonArray array ? array.OfType<JsonObject>() : value is JsonObject child ? [child] : [];
                if (Values.Contains(keyword, StringComparer.Ordinal) && value is not JsonObject)
                    continue;
                foreach (var each in children)
                {
                    if (!Include(each, open, isMap: !isMap && ReferenceEquals(each, value) && Maps.Contains(keyword, StringComparer.Ordinal)))
                        return false;
                }
            }

            return true;
        }

        // A reference does not count: it is replaced.
        private bool Take(JsonNode? node) => node switch
        {
            JsonObject parts => Take(2) && parts.All(part => IsReference(part) || (Take(part.Key.Length + 4) && Take(part.Value))),
            JsonArray items => Take(2) && items.All(Take),
            JsonValue value => Take(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>().Length + 2 : 1),
            _ => true,
        };

        private bool Take(int length) => (_room -= length) >= 0;

        private static bool IsReference(KeyValuePair<string, JsonNode?> part) => part is { Key: "$ref", Value: JsonValue value } && value.GetValueKind() == JsonValueKind.String;
    }
}
