using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace FuncChat.Tools.OpenApi;

/// <summary>An OpenAPI document as operations with schemas.</summary>
internal static class ApiDocument
{
    private const int MaxDescription = 4096;
    private const int MaxReferences = 1000;

    /// <summary>The operations that are allowed, in the order of their names.</summary>
    /// <param name="setHeaders">The headers that the app sends with each call. They are not arguments.</param>
    /// <param name="setQuery">The names in the query of the base address. They are not arguments either.</param>
    /// <exception cref="InvalidDataException">The text is not an OpenAPI document.</exception>
    public static async Task<IReadOnlyList<DescribedOperation>> ReadAsync(
        string text, IReadOnlyList<string> allowed, IEnumerable<string> setHeaders, IEnumerable<string> setQuery, CancellationToken cancellationToken)
    {
        var reserved = new ReservedNames([.. setHeaders], [.. setQuery]);

        // References to other documents are not loaded.
        var settings = new OpenApiReaderSettings();
        settings.AddYamlReader();
        if (OpenApiDocument.Parse(text, text.TrimStart().StartsWith('{') ? OpenApiConstants.Json : OpenApiConstants.Yaml, settings).Document is not { Paths: { } paths })
            throw new InvalidDataException("This is not an OpenAPI document.");
        var found = new List<DescribedOperation>();
        foreach (var (path, item) in paths)
        {
            foreach (var (method, operation) in item.Operations ?? [])
            {
                var id = operation.OperationId;
                if (allowed.Contains(id, StringComparer.Ordinal) || allowed.Contains($"{method.Method} {path}", StringComparer.OrdinalIgnoreCase))
                    found.Add(await DescribeAsync(path, method, id ?? $"{method.Method.ToLowerInvariant()}{path}", item, operation, reserved, cancellationToken));
            }
        }

        return [.. found.OrderBy(operation => operation.Id, StringComparer.Ordinal)];
    }

    private static async Task<DescribedOperation> DescribeAsync(
        string path, HttpMethod method, string id, IOpenApiPathItem item, OpenApiOperation operation, ReservedNames reserved,
        CancellationToken cancellationToken)
    {
        var parameters = (operation.Parameters ?? []).Concat(item.Parameters ?? [])
            .Where(parameter => parameter is { Name: not null, In: not null } && !reserved.Contain(parameter.In.Value, parameter.Name))
            .DistinctBy(parameter => (parameter.Name, parameter.In))
            .ToList();
        var offered = new List<ApiParameter>();
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var parameter in parameters)
        {
            // A parameter has a schema, or one content.
            var content = parameter.Content?.Values.FirstOrDefault();
            var argument = ArgumentFor(parameter, parameters, properties);
            offered.Add(new ApiParameter(argument, parameter.Name!, parameter.In!.Value, StyleOf(parameter), parameter.Explode) { IsJson = content is not null });
            var schema = await SchemaAsync(parameter.Schema ?? content?.Schema, cancellationToken);
            if (parameter.Description is { Length: > 0 } description)
                schema["description"] = description;
            properties[argument] = schema;
            if (parameter.Required || parameter.In == ParameterLocation.Path)
                required.Add(argument);
        }

        IReadOnlyCollection<string> files = [];
        var bodyArgument = Unused("body", "request_body", properties.ContainsKey);
        var (body, bodyType) = BodyOf(operation.RequestBody);
        if (body is not null)
        {
            var schema = await SchemaAsync(body.Schema, cancellationToken);
            if (bodyType == ApiBodyType.Multipart)
                files = OfferFiles(schema);
            properties[bodyArgument] = schema;
            if (operation.RequestBody!.Required)
                required.Add(bodyArgument);
        }

        var root = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
            root["required"] = required;
        return new DescribedOperation(
            id,
            ForeignText.Clean(string.Join("\n", new[] { operation.Summary, operation.Description }.Where(each => !string.IsNullOrWhiteSpace(each))), MaxDescription),
            JsonSerializer.SerializeToElement(root),
            new ApiOperation(method, path, offered, bodyType) { BodyArgument = bodyArgument, Files = files });
    }

    // Parameters in different places may have the same name. The other names of the operation stay as they are.
    private static string ArgumentFor(IOpenApiParameter parameter, List<IOpenApiParameter> all, JsonObject offered) => Unused(
        parameter.Name!, $"{parameter.In!.Value.ToString().ToLowerInvariant()}_{parameter.Name}",
        name => offered.ContainsKey(name) || (name != parameter.Name && all.Exists(each => each.Name == name)));

    private static string Unused(string name, string other, Func<string, bool> isUsed)
    {
        for (; isUsed(name); other += "_")
            name = other;
        return name;
    }

    private static ParameterStyle StyleOf(IOpenApiParameter parameter) =>
        parameter.Style ?? (parameter.In is ParameterLocation.Query or ParameterLocation.Cookie ? ParameterStyle.Form : ParameterStyle.Simple);

    private static (IOpenApiMediaType? Body, ApiBodyType Type) BodyOf(IOpenApiRequestBody? request)
    {
        foreach (var (mediaType, body) in request?.Content ?? new Dictionary<string, IOpenApiMediaType>())
        {
            if (mediaType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
                return (body, ApiBodyType.Json);
        }

        return request?.Content?.TryGetValue("application/x-www-form-urlencoded", out var form) == true ? (form, ApiBodyType.Form)
            : request?.Content?.TryGetValue("multipart/form-data", out var multipart) == true ? (multipart, ApiBodyType.Multipart)
            : (null, ApiBodyType.None);
    }

    // A model can't send bytes: it names a file, or sends base64.
    private static List<string> OfferFiles(JsonObject schema)
    {
        var files = new List<string>();
        foreach (var (name, property) in (schema["properties"] as JsonObject)?.ToList() ?? [])
        {
            if (property is JsonObject described && ApiFile.ArgumentFor(described) is { } argument)
            {
                schema["properties"]![name] = argument;
                files.Add(name);
            }
        }

        return files;
    }

    // Referenced components are inlined: a tool's schema must be self-contained.
    private static async Task<JsonObject> SchemaAsync(IOpenApiSchema? schema, CancellationToken cancellationToken)
    {
        if (schema is null)
            return [];
        using var json = new MemoryStream();
        var settings = new OpenApiWriterSettings { InlineLocalReferences = true, MaxInlineReferenceCount = MaxReferences };
        await schema.SerializeAsync(json, OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json, settings, cancellationToken);
        var node = JsonNode.Parse(json.ToArray()) as JsonObject ?? [];
        RemoveReferences(node);
        return node;
    }

    // A recursive schema still has references to the document.
    private static void RemoveReferences(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue)
                schema.Remove("$ref");
            foreach (var (_, child) in schema.ToList())
                RemoveReferences(child);
        }
        else if (node is JsonArray array)
        {
            foreach (var child in array)
                RemoveReferences(child);
        }
    }
}

/// <summary>An operation as a tool.</summary>
internal sealed record DescribedOperation(string Id, string Description, JsonElement Schema, ApiOperation Operation);
