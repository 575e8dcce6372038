using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Microsoft.OpenApi.YamlReader;
using SharpYaml;
using SharpYaml.Serialization;

namespace FuncChat.Tools.OpenApi;

/// <summary>
/// Reads an OpenAPI document without the parts that can't be read. The library gives up the whole document for one of them, such as an empty reference.
/// </summary>
internal static partial class ApiDocumentReader
{
    private static readonly JsonDocumentOptions DeepJson = new() { MaxDepth = 1000, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSerializerOptions DeepText = new() { MaxDepth = DeepJson.MaxDepth };
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

    // Of version 2, which has no components.
    private static readonly string[] Definitions = ["definitions", "parameters", "responses"];

    // Such as 3.1.0.
    private const int MaxVersion = 100;
    private static readonly string[] Versions = ["openapi", "swagger"];

    private static readonly string[] Needed = [.. Versions, "consumes", "produces", "paths", "components", .. Definitions];

    // The library keeps the last part of a reference only: a place in a schema becomes one name.
    // In JSON, `\/` is a slash, and `\u002f` too.
    [GeneratedRegex(@"\\(u00(?<code>2[0134-9a-fA-F]|[346][0-9a-fA-F]|[57][0-9abdeABDE])|.)", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Escapes { get; }

    [GeneratedRegex("""(?<start>["']#/(components/schemas|definitions)/)(?<place>[^"'/\\\s]+(/[^"'/\\\s]+)+)(?<end>["'])""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PlacesInSchemas { get; }

    /// <param name="unreadable">Receives the operations that can't be read.</param>
    /// <exception cref="InvalidDataException">The text is not an OpenAPI document.</exception>
    public static OpenApiDocument Read(string text, ICollection<UnreadableOperation> unreadable, CancellationToken cancellationToken)
    {
        var isJson = text.TrimStart().StartsWith('{');
        text = WithoutLoneSurrogates(text);
        if (isJson && (text.Contains(@"\/", StringComparison.Ordinal) || text.Contains(@"\u00", StringComparison.Ordinal)))
            text = Escapes.Replace(text, Unescape);
        text = PlacesInSchemas.Replace(
            text, static each => $"{each.Groups["start"]}{each.Groups["place"].Value.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}{each.Groups["end"]}");
        if (text.Contains(isJson ? "\"swagger\"" : "swagger", StringComparison.Ordinal) && TryRewrite(text, isJson) is { } rewritten)
            (text, isJson) = (rewritten, true);
        var isRead = TryParse(text, isJson ? OpenApiConstants.Json : OpenApiConstants.Yaml, out var document)
            || TryParse(WithoutUnreadable(text, isJson, unreadable, cancellationToken).ToJsonString(DeepText), OpenApiConstants.Json, out document);
        return isRead && document is { Paths: not null } ? document : throw new InvalidDataException("This is not an OpenAPI document.");
    }

    /// <summary>The JSON of a file in JSON or YAML.</summary>
    public static JsonNode? Parse(string text)
    {
        text = WithoutLoneSurrogates(text);
        return text.TrimStart() is ['{' or '[', ..] ? OfJson(text) : OfYaml(text);
    }

    /// <summary>Whether a member of a path is an operation.</summary>
    public static bool IsMethod(string name) => Methods.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string WithoutLoneSurrogates(string text) =>
        text.Contains("\\u", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(LoneSurrogates.Replace(Encoding.UTF8.GetBytes(text)).Span) : text;

    private static string Unescape(Match escape) =>
        escape.Groups["code"] is { Success: true, Value: var code } ? $"{(char)Convert.ToInt32(code, 16)}" : escape.Value == @"\/" ? "/" : escape.Value;

    // Null if the document is not of version 2.0, or can't be read.
    private static string? TryRewrite(string text, bool isJson)
    {
        try
        {
            if ((isJson ? OfJson(text) : OfYaml(text)) is not JsonObject root || !SwaggerDocument.Is(root))
                return null;
            SwaggerDocument.Rewrite(root);
            return root.ToJsonString(DeepText);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return null;
        }
    }

    // False if the library fails, or returns nothing, as for what is nested too deeply.
    private static bool TryParse(string text, string format, out OpenApiDocument? document)
    {
        // References to other documents are not loaded. The library's rules find no error that matters here, and compare each parameter with its whole path.
        var settings = new OpenApiReaderSettings { RuleSet = ValidationRuleSet.GetEmptyRuleSet() };
        settings.AddYamlReader();
        try
        {
            document = OpenApiDocument.Parse(text, format, settings).Document;
            return document is not null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            document = null;
            return false;
        }
    }

    private static JsonObject WithoutUnreadable(string text, bool isJson, ICollection<UnreadableOperation> unreadable, CancellationToken cancellationToken)
    {
        try
        {
            var root = (isJson ? OfJson(text) : OfYaml(text)) as JsonObject ?? [];
            Keep(root, member => Needed.Contains(member.Key, StringComparer.Ordinal));
            var version = new JsonObject(Versions.Where(name => root[name] is JsonValue { } given && given.ToJsonString().Length <= MaxVersion).Select(name => KeyValuePair.Create(name, root[name]?.DeepClone())));
            root["info"] = new JsonObject { ["title"] = "", ["version"] = "" };
            if (root["paths"] is JsonObject paths)
                Keep(paths, path => KeepReadable(path.Key, path.Value, IsReadable, unreadable));
            foreach (var (type, parts) in Members(root["components"]))
                KeepParts(parts, part => new JsonObject { ["components"] = new JsonObject { [type] = part } });
            foreach (var type in Definitions)
                KeepParts(root[type], part => new JsonObject { [type] = part });
            return root;

            void KeepParts(JsonNode? parts, Func<JsonObject, JsonObject> place)
            {
                if (parts is JsonObject members)
                    Keep(members, part => IsReadable(place(new JsonObject { [part.Key] = part.Value?.DeepClone() })));
            }

            bool IsReadable(JsonObject document)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var (name, value) in version)
                    document[name] = value?.DeepClone();
                document["info"] = root["info"]!.DeepClone();
                document["paths"] ??= new JsonObject();
                return TryParse(document.ToJsonString(DeepText), OpenApiConstants.Json, out _);
            }
        }
        catch (YamlException failure)
        {
            throw new InvalidDataException($"This is not an OpenAPI document. Line {failure.Start.Line + 1}: {ReasonIn(failure)}", failure);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or OperationCanceledException))
        {
            throw new InvalidDataException("This is not an OpenAPI document.", failure);
        }
    }

    // What all operations of a path have can't be left out alone. Returns whether any of the path is kept.
    private static bool KeepReadable(string path, JsonNode? item, Func<JsonObject, bool> isReadable, ICollection<UnreadableOperation> unreadable)
    {
        bool IsRead(KeyValuePair<string, JsonNode?> part) =>
            isReadable(new JsonObject { ["paths"] = new JsonObject { ["/"] = new JsonObject { [part.Key] = part.Value?.DeepClone() } } });
        var isWhole = item is JsonObject && Members(item).Where(member => !IsMethod(member.Key)).All(IsRead);
        if (item is JsonObject members)
        {
            Keep(members, member =>
            {
                if (!IsMethod(member.Key) || (isWhole && IsRead(member)))
                    return true;
                unreadable.Add(new(path, member.Key, member.Value is JsonObject described && described["operationId"] is JsonValue id && id.TryGetValue<string>(out var text) ? text : null));
                return false;
            });
        }

        return isWhole;
    }

    // Each removal alone would move all that follows.
    private static void Keep(JsonObject members, Func<KeyValuePair<string, JsonNode?>, bool> isKept)
    {
        var all = members.ToList();
        members.Clear();
        foreach (var (name, value) in all.Where(isKept))
            members.Add(name, value);
    }

    private static List<KeyValuePair<string, JsonNode?>> Members(JsonNode? node) => (node as JsonObject)?.ToList() ?? [];

    // The library repeats the place before the reason.
    private static string ReasonIn(YamlException failure) =>
        failure.InnerException is ArgumentException ? "the object has this name twice." : failure.Message[(failure.Message.IndexOf("): ", StringComparison.Ordinal) + 3)..];

    // Of a name that an object has twice, the last value counts, but a path that is there twice has the operations of both.
    private static JsonNode? OfJson(string text)
    {
        using var json = JsonDocument.Parse(text, DeepJson);
        var root = Of(json.RootElement);
        if (root is JsonObject && json.RootElement.TryGetProperty("paths", out var paths) && paths.ValueKind is JsonValueKind.Object)
            root["paths"] = new JsonObject(paths.EnumerateObject().GroupBy(path => path.Name, StringComparer.Ordinal).Select(path => KeyValuePair.Create(path.Key, Merge(path.Select(each => each.Value)))));
        return root;

        static JsonNode? Merge(IEnumerable<JsonElement> items)
        {
            var all = items.Select(Of).ToList();
            if (all is not [JsonObject merged, .., JsonObject])
                return all[^1];
            foreach (var (name, value) in all.Skip(1).OfType<JsonObject>().SelectMany(item => item).ToList())
                merged[name] = value?.DeepClone();
            return merged;
        }

        static JsonNode? Of(JsonElement value)
        {
            if (value.ValueKind is JsonValueKind.Array)
                return new JsonArray([.. value.EnumerateArray().Select(Of)]);
            if (value.ValueKind is not JsonValueKind.Object)
                return value.ValueKind is JsonValueKind.Null ? null : JsonValue.Create(value.Clone());
            var members = new JsonObject();
            foreach (var member in value.EnumerateObject())
                members[member.Name] = Of(member.Value);
            return members;
        }
    }

    private static JsonNode? OfYaml(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml.Documents is [var document, ..] ? document.ToJsonNode() : null;
    }
}

/// <summary>An operation that can't be read.</summary>
/// <param name="Id">Its name in the document; null if it has none.</param>
internal sealed record UnreadableOperation(string Path, string Method, string? Id);
