using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tools.OpenApi;

/// <summary>A binary body, or a binary field of a form: the model names a file of the user, or sends the content.</summary>
internal static class ApiFile
{
    private const int MaxName = 100;
    private const string File = "file";
    private const string Base64 = "base64";
    private const string Name = "name";
    private const string AnyType = "application/octet-stream";

    /// <summary>Replaces the schema of a binary property, or of a list of them, by that of an argument; null if the property is not binary.</summary>
    public static JsonObject? ArgumentFor(JsonObject property)
    {
        if (IsBinary(property))
            return Argument(property["description"]);
        if (property["items"] is JsonObject items && ArgumentFor(items) is { } item)
            return new JsonObject { ["type"] = "array", ["description"] = property["description"]?.DeepClone(), ["items"] = item };
        return (ArgumentIn(property, "allOf", isAny: true) ?? ArgumentIn(property, "anyOf") ?? ArgumentIn(property, "oneOf")) switch
        {
            { } argument when property["description"] is { } description => Describe(argument, description),
            var argument => argument,
        };
    }

    /// <summary>The content of a field.</summary>
    /// <param name="mediaType">The type to send where the file has none; null if the document names none.</param>
    /// <param name="room">How many bytes the request may still have.</param>
    /// <exception cref="ToolException">The argument is not valid, there is no such file, or it is too large.</exception>
    public static async Task<(HttpContent Content, string Name, int Length)> ReadAsync(
        string field, JsonElement argument, string? mediaType, IToolRun? run, long room, CancellationToken cancellationToken)
    {
        var file = TextIn(argument, File) is { } id ? await FindAsync(id, run, cancellationToken) : Decode(field, argument);
        if (file.Content.Length > room)
            throw new ToolException($"The files of the call are larger than the {ApiForm.MaxBytes} bytes that are sent.");
        var content = new ReadOnlyMemoryContent(file.Content);
        content.Headers.ContentType = MediaTypeHeaderValue.TryParse(file.MediaType == AnyType ? mediaType : file.MediaType, out var type) ? type : new MediaTypeHeaderValue(AnyType);
        return (content, CleanName(file.Name), file.Content.Length);
    }

    // That of the first schema. All must be binary, or one of those that all apply; null may be another.
    private static JsonObject? ArgumentIn(JsonObject property, string composition, bool isAny = false)
    {
        var arguments = (property[composition] as JsonArray ?? []).OfType<JsonObject>().Where(each => !TypesOf(each).SequenceEqual(["null"])).Select(ArgumentFor).ToList();
        return isAny || !arguments.Contains(null) ? arguments.Find(argument => argument is not null) : null;
    }

    private static bool IsBinary(JsonObject schema) =>
        TypesOf(schema).All(type => type is "string" or "null")
        && ((string?)(schema["format"] as JsonValue) == "binary" || (schema["contentMediaType"] is not null && schema["contentEncoding"] is null));

    private static IEnumerable<string?> TypesOf(JsonObject schema) => (schema["type"] as JsonArray ?? [schema["type"]?.DeepClone()])
        .OfType<JsonValue>().Select(type => type.TryGetValue<string>(out var name) ? name : null);

    private static JsonObject Argument(JsonNode? description) => Describe(
        new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                [File] = new JsonObject { ["type"] = "string", ["description"] = "The id (file_…) or the name of one of the user's files." },
                [Base64] = new JsonObject { ["type"] = "string", ["description"] = "The content, in base64." },
                [Name] = new JsonObject { ["type"] = "string", ["description"] = "The name of the file." },
            },
            ["additionalProperties"] = false,
        },
        description);

    private static JsonObject Describe(JsonObject argument, JsonNode? description)
    {
        argument["description"] = argument.ContainsKey("items") ? description?.DeepClone() : $"{description} Send file, or base64 and name.".TrimStart();
        return argument;
    }

    private static async Task<UserFile> FindAsync(string idOrName, IToolRun? run, CancellationToken cancellationToken) =>
        (run is null ? null : await run.ReadFileAsync(idOrName, cancellationToken)) ?? throw new ToolException($"The user has no file '{ForeignText.Clean(idOrName, MaxName)}'.");

    private static UserFile Decode(string field, JsonElement argument)
    {
        if (TextIn(argument, Base64) is not { } text)
            throw new ToolException($"The field '{field}' is a file: send file, or base64 and name.");
        try
        {
            return new UserFile(TextIn(argument, Name) ?? field, AnyType, Convert.FromBase64String(text));
        }
        catch (FormatException failure)
        {
            throw new ToolException($"The field '{field}' is not valid base64.", failure);
        }
    }

    private static string? TextIn(JsonElement argument, string name) =>
        argument.ValueKind == JsonValueKind.Object && argument.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Without its folder.
    private static string CleanName(string name)
    {
        var last = ForeignText.Clean(name, MaxName).Split('/', '\\')[^1];
        var cleaned = new string([.. last.Where(letter => !char.IsControl(letter))]);
        return cleaned.Length > 0 ? cleaned : "file";
    }
}
