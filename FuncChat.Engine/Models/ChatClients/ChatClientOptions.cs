using System.Text.Json;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models.ChatClients;

/// <summary>The options of a request, as those of Microsoft.Extensions.AI. What has no counterpart there is passed on by its own name.</summary>
internal static class ChatClientOptions
{
    private static readonly string[] Mapped =
        ["stop", "seed", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort"];

    public static ChatOptions Of(ModelRequest request) => new()
    {
        ModelId = request.Model,
        Temperature = (float?)request.Sampling.Temperature,
        MaxOutputTokens = request.Sampling.MaxTokens,
        TopP = (float?)request.Sampling.TopP,
        FrequencyPenalty = (float?)request.Sampling.FrequencyPenalty,
        PresencePenalty = (float?)request.Sampling.PresencePenalty,
        ResponseFormat = FormatOf(request),

        // Declarations only: a client that would run the tools must not, since the turn does.
        Tools = request.Tools.Count == 0
            ? null
            : [.. (AllowedTools.Of(request)?.Filter(request.Tools) ?? request.Tools).Select(DeclarationOf)],
        ToolMode = ToolModeOf(request),
        AllowMultipleToolCalls = Option(request, "parallel_tool_calls") is { ValueKind: JsonValueKind.True or JsonValueKind.False } parallel
            ? parallel.GetBoolean()
            : null,
        Seed = Option(request, "seed") is { ValueKind: JsonValueKind.Number } seed && seed.TryGetInt64(out var number) ? number : null,
        StopSequences = StopOf(request),
        Reasoning = EffortOf(request) is { } effort ? new ReasoningOptions { Effort = effort } : null,
        AdditionalProperties = OthersOf(request),
    };

    private static AIFunctionDeclaration DeclarationOf(AIFunctionDeclaration tool) =>
        !SentSchema.IsPlain(tool.JsonSchema) ? new DeclaredTool(tool.Name, tool.Description, SentSchema.Of(tool.JsonSchema), DeclaredTool.StrictOf(tool))
        : tool is AIFunction function ? function.AsDeclarationOnly()
        : tool;

    private static JsonElement? Option(ModelRequest request, string name) =>
        request.Options.TryGetValue(name, out var value) ? JsonElement.Parse(value.Utf8.Span) : null;

    private static ChatResponseFormat? FormatOf(ModelRequest request)
    {
        if (request.ResponseSchema is { } schema)
            return ChatResponseFormat.ForJsonSchema(schema.Schema, schema.Name);
        if (Option(request, "response_format") is not { } format)
            return null;
        return MessageJson.Text(format, "type") switch
        {
            "json_schema" when format.TryGetProperty("json_schema", out var outer) && outer.TryGetProperty("schema", out var inner) =>
                ChatResponseFormat.ForJsonSchema(inner, MessageJson.Text(outer, "name")),
            "json_object" => ChatResponseFormat.Json,
            _ => null,
        };
    }

    private static ChatToolMode? ToolModeOf(ModelRequest request)
    {
        if (request.Tools.Count == 0)
            return null;
        if (request.ForbidsToolCalls)
            return ChatToolMode.None;
        if (AllowedTools.Of(request) is { IsRequired: true })
            return ChatToolMode.RequireAny;
        return Option(request, "tool_choice") switch
        {
            { ValueKind: JsonValueKind.String } choice when choice.ValueEquals("required") => ChatToolMode.RequireAny,
            { ValueKind: JsonValueKind.String } choice when choice.ValueEquals("none") => ChatToolMode.None,
            { ValueKind: JsonValueKind.Object } choice when choice.TryGetProperty("function", out var function) =>
                ChatToolMode.RequireSpecific(MessageJson.Text(function, "name") ?? ""),
            _ => null,
        };
    }

    private static List<string>? StopOf(ModelRequest request) => Option(request, "stop") switch
    {
        { ValueKind: JsonValueKind.String } stop => [stop.GetString()!],
        { ValueKind: JsonValueKind.Array } stops => [.. stops.EnumerateArray().Select(stop => stop.ToString())],
        _ => null,
    };

    private static ReasoningEffort? EffortOf(ModelRequest request) => Option(request, "reasoning_effort")?.ToString() switch
    {
        "none" => ReasoningEffort.None,
        "minimal" or "low" => ReasoningEffort.Low,
        "medium" => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" or "max" => ReasoningEffort.ExtraHigh,
        _ => null,
    };

    private static AdditionalPropertiesDictionary? OthersOf(ModelRequest request)
    {
        var others = request.Options.Where(option => RequestOptions.IsKnown(option.Key) && !Mapped.Contains(option.Key)).ToList();
        return others.Count == 0
            ? null
            : new AdditionalPropertiesDictionary(others.ToDictionary(option => option.Key, option => (object?)JsonElement.Parse(option.Value.Utf8.Span)));
    }
}
