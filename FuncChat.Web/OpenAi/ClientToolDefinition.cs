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

    // Of a schema of Zod that was serialized as it is, in its versions 3 and 4.
    private static readonly string[] ZodFields = ["_def", "def"];

    private static readonly RawJson NoArguments = new("""{"type":"object","properties":{}}"""u8.ToArray());

    /// <param name="name">A valid name.</param>
    /// <param name="path">The place of the definition in the request.</param>
    public static Result<ClientTool> Read(string name, JsonElement definition, string path)
    {
        if (FieldRules.FindError(definition, path, Fields) is { } error)
            return error;
        var description = definition.TryGetProperty("description", out var value) && JsonField.TryGetText(value, out var text) ? text! : "";
        foreach (var field in SchemaNames)
        {
            if (!definition.TryGetProperty(field, out var schema) || schema.ValueKind == JsonValueKind.Null)
                continue;

            // jsonSchema() of the AI SDK wraps one.
            if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("jsonSchema", out var wrapped))
                schema = wrapped;
            if (schema.ValueKind != JsonValueKind.Object)
                return JsonField.Error($"{path}.{field}", "The parameters must be a JSON Schema object.");
            return ZodFields.Any(each => schema.TryGetProperty(each, out _))
                ? JsonField.Error($"{path}.{field}", "The parameters must be a JSON Schema object: convert a schema of Zod with z.toJSONSchema.")
                : new ClientTool(name, description, RawJson.Of(schema));
        }

        return new ClientTool(name, description, NoArguments);
    }
}
