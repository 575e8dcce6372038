using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>A document of version 2.0, rewritten where the library loses a part of it, or reads it only in some orders of its keys.</summary>
internal static class SwaggerDocument
{
    // How the values of an array are written, in an extension: the library keeps those of parameters, also where they become a field of a form.
    private const string Format = "x-collection-format";

    // Each gets a copy of the parameters of its path: written in another case, there could be hundreds.
    private static readonly string[] WithBody = ["put", "post", "delete", "options", "patch"];

    /// <summary>Whether the document is of version 2.0.</summary>
    public static bool Is(JsonObject root) => root.ContainsKey("swagger");

    /// <summary>Rewrites the document.</summary>
    public static void Rewrite(JsonObject root)
    {
        AddFormats((root["parameters"] as JsonObject)?.Select(parameter => parameter.Value));
        foreach (var item in ((root["paths"] as JsonObject) ?? []).Select(path => path.Value).OfType<JsonObject>())
        {
            AddFormats(item["parameters"] as JsonArray);
            var ofBody = ((item["parameters"] as JsonArray) ?? []).Where(parameter => IsOfBody(root, parameter)).ToList();
            foreach (var (method, operation) in item.Where(member => ApiDocumentReader.IsMethod(member.Key)).ToList())
            {
                if (operation is not JsonObject described)
                    continue;
                AddFormats(described["parameters"] as JsonArray);
                if (ofBody.Count > 0 && WithBody.Contains(method, StringComparer.Ordinal))
                    AddBody(root, described, ofBody);
            }

            foreach (var parameter in ofBody)
                ((JsonArray)item["parameters"]!).Remove(parameter);
        }

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
    private static void AddBody(JsonObject root, JsonObject operation, List<JsonNode?> ofBody)
    {
        if (operation["parameters"] is not JsonArray parameters)
            operation["parameters"] = parameters = [];
        if (!parameters.Any(parameter => IsOfBody(root, parameter)))
        {
            foreach (var parameter in ofBody)
                parameters.Add(parameter!.DeepClone());
        }
    }

    private static bool IsOfBody(JsonObject root, JsonNode? parameter)
    {
        if (parameter is not JsonObject described)
            return false;
        if (TextOf(described["$ref"]) is { } reference)
            described = JsonPointer.Read(reference) is ["parameters", var name] && (root["parameters"] as JsonObject)?[name] is JsonObject target ? target : described;
        return TextOf(described["in"]) is "body" or "formData";
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
