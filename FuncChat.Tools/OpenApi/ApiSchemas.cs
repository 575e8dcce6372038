using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>The schemas of a document, with the schemas that they refer to in their places: a tool's schema must be self-contained.</summary>
internal sealed class ApiSchemas(OpenApiDocument document)
{
    private const int MaxReferences = 1000;

    // Their content is data.
    private static readonly string[] Values = ["enum", "const", "default", "example", "examples", "required"];

    private readonly Dictionary<string, JsonObject?> _targets = new(StringComparer.Ordinal);
    private int _references;

    /// <summary>The schema; null if it refers to too many others.</summary>
    /// <param name="depth">How many references deep others are included. What is deeper has only its type and its description, as has a schema within itself.</param>
    public async Task<JsonObject?> ReadAsync(IOpenApiSchema? schema, int depth, CancellationToken cancellationToken)
    {
        if (schema is null)
            return [];
        var node = await SerializeAsync(schema, cancellationToken) as JsonObject ?? [];
        _references = 0;
        return await IncludeAsync(node, [], depth, cancellationToken) ? node : null;
    }

    private static async Task<JsonNode?> SerializeAsync(IOpenApiSerializable part, CancellationToken cancellationToken)
    {
        using var json = new MemoryStream();
        await part.SerializeAsync(json, OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json, new OpenApiWriterSettings(), cancellationToken);
        return JsonNode.Parse(json.ToArray());
    }

    /// <param name="open">The references that lead here.</param>
    private async Task<bool> IncludeAsync(JsonObject schema, IReadOnlyList<string> open, int depth, CancellationToken cancellationToken)
    {
        if (schema["$ref"] is JsonValue reference && reference.GetValueKind() == JsonValueKind.String)
        {
            schema.Remove("$ref");
            if (++_references > MaxReferences)
                return false;
            var pointer = reference.GetValue<string>();
            var target = await FindAsync(pointer, cancellationToken);
            var isLeaf = open.Count >= depth || open.Contains(pointer, StringComparer.Ordinal);
            foreach (var (keyword, value) in target ?? [])
            {
                // What is next to a reference is more specific.
                if (!schema.ContainsKey(keyword) && (!isLeaf || keyword is "type" or "description"))
                    schema[keyword] = value?.DeepClone();
            }

            return isLeaf || await IncludeAsync(schema, [.. open, pointer], depth, cancellationToken);
        }

        foreach (var (keyword, value) in schema.ToList())
        {
            var children = value is JsonArray array ? array.OfType<JsonObject>() : value is JsonObject child ? [child] : [];
            if (Values.Contains(keyword, StringComparer.Ordinal) && value is not JsonObject)
                continue;
            foreach (var each in children)
            {
                if (!await IncludeAsync(each, open, depth, cancellationToken))
                    return false;
            }
        }

        return true;
    }

    // Null for a reference to another document, or to another place in this one.
    private async Task<JsonObject?> FindAsync(string pointer, CancellationToken cancellationToken)
    {
        if (_targets.TryGetValue(pointer, out var known))
            return known;
        var found = JsonPointer.Read(pointer) is ["components", "schemas", var name] && document.Components?.Schemas?.TryGetValue(name, out var schema) == true
            ? await SerializeAsync(schema, cancellationToken)
            : null;
        return _targets[pointer] = found as JsonObject;
    }
}
