using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>A document of version 2.0, rewritten where the library loses a part of it, or reads it only in some orders of its keys.</summary>
internal static class SwaggerDocument
{
    // How the values of an array are written, in an extension: the library keeps those of parameters, also where they become a field of a form.
    private const string Format = "x-collection-format";

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };

    // Each gets a copy of the parameters of its path: written in another case, there could be hundreds.
    private static readonly string[] WithBody = ["put", "post", "delete", "options", "patch"];

    /// <summary>Whether the document is of version 2.0.</summary>
    public static bool Is(JsonObject root) => root.ContainsKey("swagger");

    // Of all copies of shared parameters together, in characters: a document of some MB could refer to a large one very often.
    private const int MaxCopied = 8 * 1024 * 1024;

    /// <summary>Rewrites the document.</summary>
    public static void Rewrite(JsonObject root)
    {
        // Responses are not described to a model, and the library would copy each for all types of the document.
        root.Remove("produces");
        root.Remove("responses");
        KeepTypes(root);
        var shared = new SharedParameters(root["parameters"] as JsonObject);
        foreach (var item in ((root["paths"] as JsonObject) ?? []).Select(path => path.Value).OfType<JsonObject>())
        {
            shared.Include(item["parameters"] as JsonArray);
            AddFormats(item["parameters"] as JsonArray);
            var ofBody = ((item["parameters"] as JsonArray) ?? []).Where(shared.IsOfBody).ToList();
            foreach (var (method, operation) in item.Where(member => ApiDocumentReader.IsMethod(member.Key)).ToList())
            {
                if (operation is not JsonObject described)
                    continue;
                described.Remove("produces");
                described.Remove("responses");
                KeepTypes(described);
                shared.Include(described["parameters"] as JsonArray);
                AddFormats(described["parameters"] as JsonArray);
                if (ofBody.Count > 0 && WithBody.Contains(method, StringComparer.Ordinal))
                    AddBody(shared, described, ofBody);
            }

            if (ofBody.Count > 0)
                ((JsonArray)item["parameters"]!).RemoveAll(shared.IsOfBody);
        }

        AddFormats((root["parameters"] as JsonObject)?.Select(parameter => parameter.Value));

        // After what its operations refer to.
        if (root["paths"] is { } paths)
        {
            root.Remove("paths");
            root["paths"] = paths;
        }
    }

    /// <summary>The format of a parameter's or a field's array; null if it is no array, or the document is not of version 2.0.</summary>
    public static string? CollectionFormatOf(IDictionary<string, IOpenApiExtension>? extensions) =>
        extensions?.TryGetValue(Format, out var format) == true && format is JsonNodeExtension { Node: JsonValue value } && value.TryGetValue<string>(out var name) ? name : null;

    /// <summary>Takes the format of a field's array from its schema.</summary>
    public static string? TakeCollectionFormat(JsonObject schema) =>
        schema.Remove(Format, out var format) && format is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    // Without a format, values are separated by commas.
    private static void AddFormats(IEnumerable<JsonNode?>? parameters)
    {
        foreach (var parameter in (parameters ?? []).OfType<JsonObject>().Where(parameter => parameter.ContainsKey("items")).ToList())
        {
            parameter.Remove("collectionFormat", out var format);
            parameter[Format] = format is JsonValue ? format : "csv";
        }
    }

    // The parameters of a path that are a body apply to each of its operations that has none.
    private static void AddBody(SharedParameters shared, JsonObject operation, List<JsonNode?> ofBody)
    {
        if (operation["parameters"] is not JsonArray parameters)
            operation["parameters"] = parameters = [];
        if (!parameters.Any(shared.IsOfBody))
        {
            foreach (var parameter in ofBody)
                parameters.Add(parameter!.DeepClone());
        }
    }

    // A body for each of thousands of types would be described for each: the best of each kind is enough.
    private static void KeepTypes(JsonObject described)
    {
        if (described["consumes"] is JsonArray types)
            described["consumes"] = new JsonArray([.. types.Select(TextOf).OfType<string>().GroupBy(ApiBody.TypeOf).Select(kind => (JsonNode)kind.MinBy(ApiBody.RankOf)!)]);
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The parameters that operations refer to.</summary>
    private sealed class SharedParameters(JsonObject? parameters)
    {
        private readonly Dictionary<JsonObject, int> _lengths = new(ReferenceEqualityComparer.Instance);
        private int _room = MaxCopied;

        /// <summary>Replaces references that the library loses: those to fields of a form, and those to names with a slash.</summary>
        public void Include(JsonArray? references)
        {
            for (var at = 0; at < references?.Count; at++)
            {
                if (Find(references[at], out var pointer) is not { } target || (TextOf(target["in"]) != "formData" && !pointer.AsSpan().ContainsAny('~', '%')))
                    continue;
                if (!_lengths.TryGetValue(target, out var length))
                    _lengths[target] = length = target.ToJsonString(Deep).Length;
                if (length <= _room)
                {
                    _room -= length;
                    references[at] = target.DeepClone();
                }
            }
        }

        public bool IsOfBody(JsonNode? parameter) =>
            (Find(parameter, out _) ?? parameter as JsonObject) is { } described && TextOf(described["in"]) is "body" or "formData";

        private JsonObject? Find(JsonNode? parameter, out string? pointer)
        {
            pointer = TextOf((parameter as JsonObject)?["$ref"]);
            return pointer is not null && JsonPointer.Read(pointer) is ["parameters", var name] ? parameters?[name] as JsonObject : null;
        }
    }
}
