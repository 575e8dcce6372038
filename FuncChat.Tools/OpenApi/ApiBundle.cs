using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.OpenApi;

/// <summary>
/// Puts what the allowed operations refer to into the document: parts in other files, and those in places of this one that the library does not find. Schemas
/// become components, since they may refer to each other; any other part replaces its reference.
/// </summary>
internal sealed partial class ApiBundle
{
    // How many references may lead to a part, and how often files may refer to others that are not read yet.
    private const int MaxReferences = 32;

    // Of all copies together, in characters: each of many operations may refer to the same large part.
    private const int MaxCopied = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };

    // Their content is data.
    private static readonly string[] Values = ["enum", "const", "default", "example", "examples", "required", "mapping"];

    // Their members are names, not keywords.
    private static readonly string[] Maps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];

    private readonly JsonObject _root;
    private readonly ApiFiles _files;
    private readonly Func<string?, string, bool> _isAllowed;
    private readonly JsonObject _schemas;
    private readonly string[] _schemaPlace;
    private readonly Dictionary<(Uri File, string Pointer), string> _names = [];
    private readonly Queue<(JsonNode? Schema, Uri File)> _unvisited = [];
    private int _room = MaxCopied;

    private ApiBundle(JsonObject root, ApiFiles files, Func<string?, string, bool> isAllowed)
    {
        (_root, _files, _isAllowed) = (root, files, isAllowed);
        _schemaPlace = SwaggerDocument.Is(root) ? ["definitions"] : ["components", "schemas"];
        _schemas = _schemaPlace.Aggregate(root, static (parent, name) =>
        {
            if (parent[name] is not JsonObject)
                parent[name] = new JsonObject();
            return (JsonObject)parent[name]!;
        });
    }

    /// <summary>The document in one text.</summary>
    public string Text => _root.ToJsonString(Deep);

    /// <summary>References of schemas that can't be read, each with the reason: any value is accepted there.</summary>
    public HashSet<string> Unreadable { get; } = new(StringComparer.Ordinal);

    /// <summary>Operations that need a part that can't be read. They are no longer in the document.</summary>
    public List<(string? Id, string Name, string Reason)> LeftOut { get; } = [];

    // Not a property that is named so, nor what the library finds.
    [GeneratedRegex("""\$ref["']?\s*:\s*["']?([^#"'\s{\[]|#\\?/paths\\?/|#\\?/components\\?/(parameters|requestBodies|pathItems)\\?/[^"'\s]*[~%])""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex References { get; }

    /// <summary>Reads the files that the allowed operations need; null if the document needs none and can be read as it is.</summary>
    public static async Task<ApiBundle?> ReadAsync(
        string text, Uri address, Func<Uri, CancellationToken, Task<string>> read, Func<string?, string, bool> isAllowed, CancellationToken cancellationToken)
    {
        if (!References.IsMatch(text) || RootOf(text) is not { } root)
            return null;
        var files = new ApiFiles(address, root, read);
        for (var round = 0; ; round++)
        {
            var bundle = new ApiBundle((JsonObject)root.DeepClone(), files, isAllowed);
            bundle.IncludeAll(cancellationToken);
            if (!await files.ReadWantedAsync(cancellationToken) || round == MaxReferences)
                return bundle;
        }
    }

    private static JsonObject? RootOf(string text)
    {
        try
        {
            return ApiDocumentReader.Parse(text) as JsonObject;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return null;
        }
    }

    private void IncludeAll(CancellationToken cancellationToken)
    {
        foreach (var (path, given) in (_root["paths"] as JsonObject)?.ToList() ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (Follow(given, _files.Document) is var (item, file))
                    IncludePath(path, item, file);
            }
            catch (InvalidDataException failure)
            {
                Unreadable.Add(failure.Message);
            }
        }

        while (_unvisited.TryDequeue(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Visit(next.Schema, next.File);
        }
    }

    private void IncludePath(string path, JsonObject item, Uri file)
    {
        // Once: what is included has other references.
        var ofPath = new Lazy<string?>(() => IncludeParameters(item["parameters"], file));
        foreach (var (method, given) in item.Where(member => ApiDocumentReader.IsMethod(member.Key)).ToList())
        {
            var (id, name) = (IdOf(given), $"{method.ToUpperInvariant()} {path}");
            try
            {
                var isKnown = id is not null || (given as JsonObject)?.ContainsKey("$ref") != true || _isAllowed(null, name);
                if (isKnown && !_isAllowed(id, name))
                    continue;
                if (Follow(given, file) is not var (operation, at) || !_isAllowed(id = IdOf(operation), name))
                    continue;
                operation.Remove("responses");
                operation.Remove("callbacks");
                if ((ofPath.Value ?? IncludeParameters(operation["parameters"], at)) is { } reason)
                    throw new InvalidDataException(reason);
                IncludeBody(operation, at);
                Put(given, operation, node => item[method] = node);
            }
            catch (InvalidDataException failure) when (_isAllowed(id, name))
            {
                item.Remove(method);
                LeftOut.Add((id, name, failure.Message));
            }
            catch (InvalidDataException failure)
            {
                // It may be one that is allowed by its id.
                item.Remove(method);
                Unreadable.Add(failure.Message);
            }
        }

        if (item.Parent is null)
            ((JsonObject)_root["paths"]!)[path] = item;
    }

    // Returns the reason if they can't be read.
    private string? IncludeParameters(JsonNode? list, Uri file)
    {
        var parameters = list as JsonArray;
        try
        {
            for (var at = 0; at < parameters?.Count; at++)
            {
                if (Follow(parameters[at], file) is not var (parameter, place))
                    continue;
                IncludeSchemas(parameter, place);
                Put(parameters[at], parameter, node => parameters[at] = node);
            }

            return null;
        }
        catch (InvalidDataException failure)
        {
            return failure.Message;
        }
    }

    private void IncludeBody(JsonObject operation, Uri file)
    {
        if (Follow(operation["requestBody"], file) is not var (body, place))
            return;
        IncludeSchemas(body, place);
        Put(operation["requestBody"], body, node => operation["requestBody"] = node);
    }

    // Those of a parameter or a body.
    private void IncludeSchemas(JsonObject part, Uri file)
    {
        _unvisited.Enqueue((part["schema"], file));
        _unvisited.Enqueue((part["items"], file));
        foreach (var (type, given) in (part["content"] as JsonObject)?.ToList() ?? [])
        {
            if (Follow(given, file) is not var (content, place))
                continue;
            _unvisited.Enqueue((content["schema"], place));
            Put(given, content, node => part["content"]![type] = node);
        }
    }

    private static void Put(JsonNode? given, JsonObject part, Action<JsonNode> put)
    {
        if (!ReferenceEquals(given, part))
            put(part);
    }

    // A part, or a copy of what it refers to, and the file that its own references are relative to. Null if it is none, or in a file that is not read yet.
    private (JsonObject Part, Uri File)? Follow(JsonNode? given, Uri file)
    {
        if (given is not JsonObject part)
            return null;
        for (var count = 0; ReferenceIn(part) is { } reference; count++)
        {
            var target = Resolve(file, reference);
            if (count == MaxReferences)
                throw new InvalidDataException($"{reference}: too many references lead to it");
            if (Copy(target, reference) is not { } copy)
                return null;

            // What is next to a reference is more specific.
            foreach (var (name, value) in part.Where(member => member.Key != "$ref"))
                copy[name] = value?.DeepClone();
            (part, file) = (copy, target.File);
        }

        return (part, file);
    }

    private void Visit(JsonNode? node, Uri file)
    {
        if (node is not JsonObject schema)
            return;
        if (ReferenceIn(schema) is { } reference)
        {
            try
            {
                if (NameOf(Resolve(file, reference), reference) is { } name)
                    schema["$ref"] = $"#/{string.Join('/', _schemaPlace)}/{name}";
            }
            catch (InvalidDataException failure)
            {
                schema.Remove("$ref");
                Unreadable.Add(failure.Message);
            }
        }

        foreach (var (keyword, value) in schema)
        {
            if (Values.Contains(keyword, StringComparer.Ordinal))
                continue;
            foreach (var child in value is JsonArray items ? items : Maps.Contains(keyword, StringComparer.Ordinal) && value is JsonObject map ? map.Select(each => each.Value) : [value])
                Visit(child, file);
        }
    }

    // The name of a schema among the components. Null if its file is not read yet.
    private string? NameOf((Uri File, string Pointer) target, string reference)
    {
        if (_names.TryGetValue(target, out var known))
            return known;
        var places = JsonPointer.Read(target.Pointer) ?? [];
        var isOwn = target.File == _files.Document && places.Length == _schemaPlace.Length + 1 && places.AsSpan().StartsWith(_schemaPlace) && _schemas[places[^1]] is JsonObject;
        var name = isOwn ? target.Pointer.Split('/')[^1] : $"file-{_names.Count}";
        var schema = isOwn ? _schemas[places[^1]] as JsonObject : Copy(target, reference);
        if (schema is null)
            return null;
        if (!isOwn)
            _schemas[name] = schema;
        _names[target] = name;
        _unvisited.Enqueue((schema, target.File));
        return name;
    }

    private (Uri File, string Pointer) Resolve(Uri file, string reference)
    {
        try
        {
            return _files.Resolve(file, reference);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"{reference}: {failure.Message}", failure);
        }
    }

    private JsonObject? Copy((Uri File, string Pointer) target, string reference)
    {
        try
        {
            if (_files.Find(target.File, target.Pointer) is not { } found)
                return null;
            if (found is not JsonObject)
                throw new InvalidDataException("it is not an object");
            var text = found.ToJsonString(Deep);
            _room -= text.Length;
            return _room >= 0 ? (JsonObject)found.DeepClone() : throw new InvalidDataException("the document refers to too much");
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"{reference}: {failure.Message}", failure);
        }
    }

    private static string? IdOf(JsonNode? operation) =>
        (operation as JsonObject)?["operationId"] is JsonValue id && id.TryGetValue<string>(out var text) ? text : null;

    private static string? ReferenceIn(JsonObject part) => part["$ref"] is JsonValue value && value.TryGetValue<string>(out var reference) ? reference : null;
}
