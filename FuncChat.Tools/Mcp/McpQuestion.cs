using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>A question of an MCP server to the person (`elicitation/create`).</summary>
internal static class McpQuestion
{
    private const int MaxText = 1000;
    private const string Form = "form";

    /// <summary>The answer to a question that the person has neither accepted nor declined.</summary>
    public static ElicitResult Cancel => new() { Action = "cancel" };

    /// <summary>Asks the person.</summary>
    /// <exception cref="ToolQuestionException">The person has not answered yet.</exception>
    /// <exception cref="ToolException">The question is not a form, or no person can be asked.</exception>
    public static ElicitResult Ask(IToolRun? run, string server, ElicitRequestParams? asked)
    {
        if (asked is null or not { Mode: null or Form } || run is null || ToolSchema.Clean(SchemaOf(asked)) is not { } schema)
            throw NotSupported(server);
        var message = $"The MCP server '{server}' asks: {ForeignText.Clean(asked.Message, MaxText)}";
        return run.Ask(message, schema) is { } answer
            ? new ElicitResult { Action = "accept", Content = answer.Deserialize<Dictionary<string, JsonElement>>() }
            : new ElicitResult { Action = "decline" };
    }

    public static ToolException NotSupported(string server) => new($"The MCP server '{server}' asks for something that this client does not support.");

    private static JsonElement SchemaOf(ElicitRequestParams asked)
    {
        if (asked.RequestedSchema is not { } requested)
            return JsonElement.Parse("{}");
        var schema = JsonSerializer.SerializeToNode(requested, McpJsonUtilities.DefaultOptions)!;
        Clean(schema["properties"]);
        return JsonSerializer.SerializeToElement(schema);
    }

    private static void Clean(JsonNode? node)
    {
        // A person reads the titles and descriptions.
        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            if (name is "title" or "description" && value is JsonValue text && text.TryGetValue<string>(out var shown))
                node![name] = ForeignText.Clean(shown, MaxText);
            else
                Clean(value);
        }

        foreach (var item in (node as JsonArray)?.ToList() ?? [])
            Clean(item);
        if (node is JsonObject schema)
            ListChoices(schema, schema.ContainsKey("oneOf") ? "oneOf" : "anyOf");
    }

    // Choices with titles become `enum` and `enumNames`: the validator ignores `const`, so each value would match all choices.
    private static void ListChoices(JsonObject schema, string keyword)
    {
        if (schema[keyword] is not JsonArray choices || !choices.All(choice => choice is JsonObject each && each["const"] is JsonValue))
            return;
        schema.Remove(keyword);
        schema["enum"] = new JsonArray([.. choices.Select(choice => choice!["const"]!.DeepClone())]);
        schema["enumNames"] = new JsonArray([.. choices.Select(choice => (choice!["title"] ?? choice["const"])!.DeepClone())]);
    }
}
