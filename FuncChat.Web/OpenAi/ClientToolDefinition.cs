using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Web.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>Reads the definition of a tool that the client runs: its description and the schema of its arguments.</summary>
internal static class ClientToolDefinition
{
    /// <summary>The fields next to the schema.</summary>
    internal static readonly Field[] Fields = [new("description", FieldRules.AnyText), new("strict", FieldRules.Flag)];

    // The schema, as OpenAI and AG-UI, the AI SDK and MCP, and Anthropic name it.
    private static readonly string[] SchemaNames = ["parameters", "inputSchema", "input_schema"];

    // Where other libraries have the schema, and what one that is not wrapped consists of. Ignored, the model would call the tool without arguments.
    private static readonly string[] MisplacedNames =
    [
        "args", "arguments", "args_schema", "argsSchema", "params", "properties", "schema", "json_schema", "jsonSchema", "parametersJsonSchema", "parameters_json_schema",
        "input", "inputs",
    ];

    private static readonly MisnamedFields Names = new("name", "type", "description", "strict", "parameters", "inputSchema");

    // A schema of Zod that was serialized without conversion has one of these, in versions 3 and 4.
    private static readonly string[] ZodFields = ["_def", "def"];

    private static readonly RawJson NoArguments = new("""{"type":"object","properties":{}}"""u8.ToArray());

    /// <param name="name">A valid name.</param>
    /// <param name="path">The place of the definition in the request.</param>
    public static Result<ClientTool> Read(string name, JsonElement definition, string path)
    {
        if (FieldRules.FindError(definition, path, Fields) is { } error)
            return error;
        var description = JsonField.TextOf(definition, "description") ?? "";
        bool? strict = definition.TryGetProperty("strict", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.ValueKind == JsonValueKind.True : null;
        foreach (var field in SchemaNames)
        {
            if (!JsonField.TryGet(definition, field, out var schema))
                continue;

            // jsonSchema() of the AI SDK wraps one.
            if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("jsonSchema", out var wrapped))
                schema = wrapped;
            if (schema.ValueKind != JsonValueKind.Object)
                return JsonField.Error($"{path}.{field}", "The parameters must be a JSON Schema object.");
            return ZodFields.Any(each => schema.TryGetProperty(each, out _))
                ? JsonField.Error($"{path}.{field}", "The parameters must be a JSON Schema object: convert a schema of Zod with z.toJSONSchema.")
                : new ClientTool(name, description, RawJson.Of(schema)) { Strict = strict };
        }

        return FindMisplaced(definition, path) is { } misplaced ? misplaced : new ClientTool(name, description, NoArguments) { Strict = strict };
    }

    /// <summary>The first field that must be in the `function` of a tool, and is next to it.</summary>
    /// <param name="path">The place of the tool in the request.</param>
    public static AppError? FindOutside(JsonElement tool, JsonElement function, string path)
    {
        string[] names = SchemaNames.Any(schema => IsGiven(function, schema)) ? ["description", "strict"] : ["description", "strict", .. SchemaNames, .. MisplacedNames];
        foreach (var name in names)
        {
            if (IsGiven(tool, name) && !IsGiven(function, name))
                return JsonField.Error($"{path}.{name}", $"This is not a field of a tool: its place is {path[2..]}.function.{(MisplacedNames.Contains(name) ? "parameters" : name)}.");
        }

        return null;
    }

    private static AppError? FindMisplaced(JsonElement definition, string path)
    {
        if (IsGiven(definition, "function"))
            return JsonField.Error($"{path}.function", "This is not a field of a tool here: send its fields next to the name.");
        var misplaced = MisplacedNames.FirstOrDefault(name => IsGiven(definition, name) && definition.GetProperty(name).ValueKind is JsonValueKind.Object or JsonValueKind.Array);
        return misplaced is null
            ? Names.FindError(definition, path)
            : JsonField.Error($"{path}.{misplaced}", "This is not a field of a tool: send the JSON Schema of the arguments in parameters.");
    }

    private static bool IsGiven(JsonElement owner, string name) => JsonField.TryGet(owner, name, out _);
}
