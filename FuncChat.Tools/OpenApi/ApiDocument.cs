using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>An OpenAPI document as operations with schemas.</summary>
internal static class ApiDocument
{
    private const int MaxDescription = 4096;

    // More are no operation for a model, and take long to read.
    private const int MaxParameters = 1000;

    private static readonly JsonDocumentOptions DeepJson = new() { MaxDepth = 1000 };

    // How many references deep a schema shows others: less where all would be too much.
    private static readonly int[] Depths = [16, 6, 3, 2, 1, 0];

    // To find the files of a form.
    private const int BodyDepth = 3;

    /// <summary>The operations that are allowed, in the order of their names.</summary>
    /// <param name="setHeaders">The headers that the app sends with each call. They are not arguments.</param>
    /// <param name="setQuery">The names in the query of the base address. They are not arguments either.</param>
    /// <param name="leftOut">Receives what is allowed and not offered, each with the reason.</param>
    /// <exception cref="InvalidDataException">The text is not an OpenAPI document.</exception>
    public static IReadOnlyList<DescribedOperation> Read(
        string text, IReadOnlyList<string> allowed, IEnumerable<string> setHeaders, IEnumerable<string> setQuery, ICollection<string> leftOut, CancellationToken cancellationToken)
    {
        var reserved = new ReservedNames([.. setHeaders], [.. setQuery]);
        var unreadable = new List<UnreadableOperation>();
        var document = ApiDocumentReader.Read(text, unreadable, cancellationToken);
        var (found, schemas) = (new List<DescribedOperation>(), new ApiSchemas(document));
        var (missing, ids) = (allowed.ToHashSet(StringComparer.OrdinalIgnoreCase), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (path, item) in document.Paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (method, operation) in OperationsOf(item))
            {
                var (id, name) = (operation.OperationId, $"{method.Method} {path}");
                if (!IsAllowed(id, name))
                    continue;
                if (!ids.Add(id ?? name))
                {
                    leftOut.Add($"{name} (another operation has the id {id})");
                    continue;
                }

                try
                {
                    var listed = new ListedOperation(path, method, id ?? $"{method.Method.ToLowerInvariant()}{path}", item, operation);
                    if (listed.Parameters.Count > MaxParameters)
                        leftOut.Add($"{id ?? name} (it has more than {MaxParameters} parameters)");
                    else if (listed.UndeclaredName is { } undeclared)
                        leftOut.Add($"{id ?? name} (its path has {{{undeclared}}}, which is not a parameter)");
                    else if (TryDescribe(listed, reserved, schemas, cancellationToken) is { } described)
                        found.Add(described);
                    else
                        leftOut.Add($"{id ?? name} (its schema is too large)");
                }
                catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
                {
                    // A reference that leads back to itself, or a limit that is no number. The library has exceptions of many types.
                    leftOut.Add($"{id ?? name} (its description is not valid)");
                }
            }
        }

        foreach (var (path, method, id) in unreadable)
        {
            var name = $"{method.ToUpperInvariant()} {path}";
            if (IsAllowed(id, name))
                leftOut.Add($"{id ?? name} (its description is not valid)");
        }

        foreach (var name in missing)
            leftOut.Add($"{name} (not in the document)");
        return [.. found.OrderBy(operation => operation.Id, StringComparer.Ordinal)];

        bool IsAllowed(string? id, string name)
        {
            var isAllowed = allowed.Contains(id, StringComparer.Ordinal) || allowed.Contains(name, StringComparer.OrdinalIgnoreCase);
            if (isAllowed)
                missing.ExceptWith([id ?? name, name]);
            return isAllowed;
        }
    }

    // None if the path is a reference that leads back to itself.
    private static IEnumerable<KeyValuePair<HttpMethod, OpenApiOperation>> OperationsOf(IOpenApiPathItem item)
    {
        try
        {
            return item.Operations ?? [];
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return [];
        }
    }

    private static DescribedOperation? TryDescribe(ListedOperation listed, ReservedNames reserved, ApiSchemas schemas, CancellationToken cancellationToken)
    {
        var body = ApiBody.Of(listed.Operation.RequestBody, schemas.ReaderFor(BodyDepth, cancellationToken));
        foreach (var depth in Depths)
        {
            if (Describe(listed, body, reserved, schemas.ReaderFor(depth, cancellationToken)) is { } described
                && ToolSchema.Clean(described.Schema) is { } schema)
                return described with { Schema = schema };
        }

        return null;
    }

    // Null if the schemas are too large together.
    private static DescribedOperation? Describe(ListedOperation listed, ApiBody? body, ReservedNames reserved, Func<IOpenApiSchema?, JsonObject?> read)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        if (AddParameters(listed, reserved, properties, required, read) is not { } parameters)
            return null;
        var operation = new ApiOperation(listed.Method, listed.Path, parameters, body)
        {
            BodyArgument = Unused("body", "request_body", properties.ContainsKey),
        };
        if (body is not null)
        {
            if ((body.OwnSchema ?? read(body.Schema)) is not { } schema)
                return null;
            if (body.Type is ApiBodyType.Form or ApiBodyType.Multipart)
                operation = operation with { Fields = ApiField.Offer(schema, body) };
            properties[operation.BodyArgument] = schema;
            if (listed.Operation.RequestBody!.Required)
                required.Add(operation.BodyArgument);
        }

        var root = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
            root["required"] = required;
        return new DescribedOperation(
            listed.Id,
            ForeignText.Clean(string.Join("\n", new[] { listed.Operation.Summary, listed.Operation.Description }.Where(each => !string.IsNullOrWhiteSpace(each))), MaxDescription),
            JsonElement.Parse(root.ToJsonString(), DeepJson),
            operation);
    }

    private static List<ApiParameter>? AddParameters(
        ListedOperation listed, ReservedNames reserved, JsonObject properties, JsonArray required, Func<IOpenApiSchema?, JsonObject?> read)
    {
        // Many servers accept the last value of a name: a parameter must not replace what distinguishes the operation.
        var ofPath = ApiQuery.NamesIn(listed.Path);
        var parameters = listed.Parameters
            .Where(parameter => parameter is { Name: not null, In: not null } && !reserved.Contain(parameter.In.Value, parameter.Name)
                && (parameter.In != ParameterLocation.Query || !ofPath.Any(name => ApiQuery.Overlap(name, parameter.Name))))
            .DistinctBy(parameter => (parameter.Name, parameter.In))
            .ToList();
        var names = parameters.Select(parameter => parameter.Name!).ToHashSet(StringComparer.Ordinal);
        var offered = new List<ApiParameter>();
        foreach (var parameter in parameters)
        {
            // A parameter has a schema, or one content.
            var content = parameter.Content?.Values.FirstOrDefault();
            var argument = ArgumentFor(parameter, names, properties);
            offered.Add(ApiParameter.Of(parameter, argument));
            if (read(parameter.Schema ?? content?.Schema) is not { } schema)
                return null;
            if (parameter.Description is { Length: > 0 } description)
                schema["description"] = description;
            properties[argument] = schema;
            if (parameter.Required || parameter.In == ParameterLocation.Path)
                required.Add(argument);
        }

        return offered;
    }

    // Parameters in different places may have the same name. The other names of the operation stay as they are.
    private static string ArgumentFor(IOpenApiParameter parameter, HashSet<string> all, JsonObject offered) => Unused(
        parameter.Name!, $"{parameter.In!.Value.ToString().ToLowerInvariant()}_{parameter.Name}",
        name => offered.ContainsKey(name) || (name != parameter.Name && all.Contains(name)));

    private static string Unused(string name, string other, Func<string, bool> isUsed)
    {
        for (; isUsed(name); other += "_")
            name = other;
        return name;
    }

    /// <summary>An operation as the document lists it.</summary>
    private sealed record ListedOperation(string Path, HttpMethod Method, string Id, IOpenApiPathItem Item, OpenApiOperation Operation)
    {
        /// <summary>The operation's own parameters, then those of its path.</summary>
        public IReadOnlyList<IOpenApiParameter> Parameters { get; } = [.. Operation.Parameters ?? [], .. Item.Parameters ?? []];

        /// <summary>The first name in the path that no parameter has: nothing could replace it. Null if there is none.</summary>
        public string? UndeclaredName => Path.Split('{').Skip(1).Where(part => part.Contains('}', StringComparison.Ordinal)).Select(part => part.Split('}')[0])
            .Except(Parameters.Where(parameter => parameter.In == ParameterLocation.Path).Select(parameter => parameter.Name!), StringComparer.Ordinal).FirstOrDefault();
    }
}

/// <summary>An operation as a tool.</summary>
internal sealed record DescribedOperation(string Id, string Description, JsonElement Schema, ApiOperation Operation);
