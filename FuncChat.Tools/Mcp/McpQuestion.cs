using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tools.Fetch;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>A question of an MCP server to the person (`elicitation/create`).</summary>
internal static class McpQuestion
{
    private const int MaxText = 1000;
    private const string Form = "form";
    private const string OpenUrl = "url";
    private static readonly string[] ChoiceKeywords = ["enum", "oneOf", "anyOf"];

    /// <summary>The answer to a question that the person has neither accepted nor declined.</summary>
    public static ElicitResult Cancel => new() { Action = "cancel" };

    /// <summary>Asks the person.</summary>
    /// <exception cref="ToolQuestionException">The person has not answered yet.</exception>
    /// <exception cref="ToolException">The question is neither a form nor a page to open, or no person can be asked.</exception>
    public static ElicitResult Ask(IToolRun? run, McpServerSettings settings, ElicitRequestParams? asked)
    {
        var server = settings.Name;
        if (asked is { Mode: OpenUrl })
            return new ElicitResult { Action = Open(run, settings, asked) ? "accept" : "decline" };
        if (asked is null or not { Mode: null or Form } || run is null || SchemaOf(asked) is not { } requested || ToolSchema.Clean(requested) is not { } schema)
            throw NotSupported(server);
        var message = $"The MCP server '{server}' asks: {ForeignText.Clean(asked.Message, MaxText)}";
        return run.Ask(message, schema) is { } answer
            ? new ElicitResult { Action = "accept", Content = answer.Deserialize<Dictionary<string, JsonElement>>() }
            : new ElicitResult { Action = "decline" };
    }

    /// <summary>Removes the fields of a question that are not of the specification, or have no choices: the SDK refuses the whole question for one of them. If there are no others, they stay, without their schemas.</summary>
    public static void Repair(JsonNode? asked)
    {
        if ((asked as JsonObject)?["requestedSchema"] is not JsonObject schema || schema["properties"] is not JsonObject fields)
            return;
        var unknown = fields.Where(field => !IsField(field.Value) || LacksChoices(field.Value!)).Select(field => field.Key).ToList();
        var isOther = unknown.Count < fields.Count;
        foreach (var name in unknown)
        {
            if (isOther)
                fields.Remove(name);
            else
                fields[name] = null;
        }
    }

    public static ToolException NotSupported(string server) => new($"The MCP server '{server}' asks for something that this client does not support.");

    // The server is not told whether the page was opened, or what the person did there.
    private static bool Open(IToolRun? run, McpServerSettings server, ElicitRequestParams asked)
    {
        if (run is null || !IsAddress(asked.Url, server, out var address))
            throw NotSupported(server.Name);
        return run.AskToAct($"The MCP server '{server.Name}' asks you to open a page: {ForeignText.Clean(asked.Message, MaxText)}", new OutsideAction(Url: address));
    }

    // Without user information, which could pass for the host. Only a server on this machine may name a page without TLS.
    private static bool IsAddress(string? url, McpServerSettings server, [NotNullWhen(true)] out string? address)
    {
        address = WebUrl.SecureOf(url, server.Url is null or { IsLoopback: true }) is { } uri
            ? $"{uri.Scheme}://{AsciiHost.Of(uri)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}{uri.PathAndQuery}{uri.Fragment}"
            : null;
        return address is { Length: <= WebUrl.MaxLength };
    }

    // Null if the form can't be filled in. The SDK reads a field as null if its type is not one of the specification.
    private static JsonElement? SchemaOf(ElicitRequestParams asked)
    {
        if (asked.RequestedSchema is not { } requested)
            return JsonElement.Parse("{}");
        var unknown = requested.Properties.Where(field => !HasValue(field.Value)).Select(field => field.Key).ToList();
        if (unknown.Count > 0 && unknown.Count == requested.Properties.Count)
            return null;
        if (requested.Required?.Any(name => name is null || unknown.Contains(name) || !requested.Properties.ContainsKey(name)) == true)
            return null;
        var schema = JsonSerializer.SerializeToNode(requested, McpJsonUtilities.DefaultOptions)!;
        unknown.ForEach(name => schema["properties"]!.AsObject().Remove(name));
        Clean(schema["properties"]);
        return JsonSerializer.SerializeToElement(schema);
    }

    private static bool HasValue(ElicitRequestParams.PrimitiveSchemaDefinition? field) => field switch
    {
        null => false,
        ElicitRequestParams.NumberSchema number => !(number.Minimum > number.Maximum),
        ElicitRequestParams.StringSchema text => !((text.MinLength ?? 0) > text.MaxLength),
        ElicitRequestParams.UntitledMultiSelectEnumSchema list => Fits(list.MinItems, list.MaxItems, list.Items.Enum.Count),
        ElicitRequestParams.TitledMultiSelectEnumSchema list => Fits(list.MinItems, list.MaxItems, list.Items.AnyOf.Count),
        _ => true,
    };

    private static bool Fits(int? min, int? max, int choices) => !((min ?? 0) > max) && !(min > choices);

    // The validator accepts any text where a list of choices is empty, and the server none.
    private static bool LacksChoices(JsonNode field) =>
        new[] { field, field["items"] }.Any(each => Array.Exists(ChoiceKeywords, keyword => (each as JsonObject)?[keyword] is JsonArray { Count: 0 }));

    private static bool IsField(JsonNode? field)
    {
        try
        {
            return field.Deserialize<ElicitRequestParams.PrimitiveSchemaDefinition>(McpJsonUtilities.DefaultOptions) is not null;
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
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
