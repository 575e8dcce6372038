using System.Text.Json;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.Anthropic;

/// <summary>Writes a request of the Messages API.</summary>
internal static class AnthropicRequestBody
{
    // The API wants a limit. These are what every model of the generation accepts.
    private const int StandardMaxTokens = 16_000;
    private const int OldMaxTokens = 4096;

    /// <exception cref="ModelException">The request has what the API can't carry.</exception>
    public static RequestBody Write(ModelRequest request, ModelLimits limits, string provider)
    {
        UnsupportedOptions.Refuse(request, provider, "logit_bias", "logprobs", "top_logprobs");
        using var body = new JsonBody(limits);
        var json = body.Json;
        var mode = ThinkingModes.Of(request.Model);
        json.WriteString("model"u8, request.Model);
        var maxTokens = request.Sampling.MaxTokens ?? (mode is ThinkingMode.None ? OldMaxTokens : StandardMaxTokens);
        json.WriteNumber("max_tokens"u8, maxTokens);
        AnthropicMessages.Write(body, request, provider);
        WriteTools(body, request);
        var effort = EffortOf(request);
        WriteThinking(body, request, mode, effort, maxTokens);
        WriteOutput(body, request, mode is ThinkingMode.Adaptive ? effort : null);
        body.WriteSampling(request.Sampling);
        if (request.Options.TryGetValue("stop", out var stop))
            WriteStop(json, stop);
        json.WriteBoolean("stream"u8, true);
        return body.End();
    }

    private static void WriteTools(JsonBody body, ModelRequest request)
    {
        if (!body.WriteTools(AllowedTools.Of(request)?.Filter(request.Tools) ?? request.Tools, "input_schema", asFunctions: false))
            return;
        var (choice, name) = request.ForbidsToolCalls ? ("none", null) : ChoiceOf(request);
        var isSerial = request.Options.TryGetValue("parallel_tool_calls", out var parallel) && parallel.Utf8.Span.SequenceEqual("false"u8);
        if (choice is null && !isSerial)
            return;
        var json = body.Json;
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, choice ?? "auto");
        if (name is not null)
            json.WriteString("name"u8, name);
        if (isSerial && choice is not "none")
            json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }

    private static (string? Choice, string? Name) ChoiceOf(ModelRequest request)
    {
        if (!request.Options.TryGetValue("tool_choice", out var choice))
            return (null, null);
        using var document = JsonDocument.Parse(choice.Utf8);
        var root = document.RootElement;
        if (root.ValueKind is JsonValueKind.Object && root.TryGetProperty("function", out var function))
            return ("tool", MessageJson.Text(function, "name"));
        if (AllowedTools.Of(request) is { IsRequired: true })
            return ("any", null);
        return (root.ValueKind is JsonValueKind.String ? root.GetString() : null) switch
        {
            "required" => ("any", null),
            "none" => ("none", null),
            _ => (null, null),
        };
    }

    private static string? EffortOf(ModelRequest request)
    {
        if (!request.Options.TryGetValue("reasoning_effort", out var effort))
            return null;
        using var document = JsonDocument.Parse(effort.Utf8);
        return document.RootElement.ValueKind is JsonValueKind.String ? document.RootElement.GetString() : null;
    }

    private static void WriteThinking(JsonBody body, ModelRequest request, ThinkingMode mode, string? effort, int maxTokens)
    {
        // A forced call leaves no room for thoughts, and the API refuses both together.
        if (effort is "none" or "minimal" || ChoiceOf(request).Choice is "any" or "tool")
            return;
        var json = body.Json;
        if (mode is ThinkingMode.Adaptive && body.MaySend("thinking"))
        {
            json.WriteStartObject("thinking"u8);
            json.WriteString("type"u8, "adaptive"u8);
            json.WriteString("display"u8, "summarized"u8);
            json.WriteEndObject();
        }
        else if (mode is ThinkingMode.Budget && effort is not null && Math.Min(BudgetOf(effort), maxTokens / 2) is >= 1024 and var budget && body.MaySend("thinking"))
        {
            json.WriteStartObject("thinking"u8);
            json.WriteString("type"u8, "enabled"u8);
            json.WriteNumber("budget_tokens"u8, budget);
            json.WriteEndObject();
        }
    }

    private static int BudgetOf(string effort) => effort switch
    {
        "low" => 2048,
        "medium" => 4096,
        _ => 8000,
    };

    private static void WriteOutput(JsonBody body, ModelRequest request, string? effort)
    {
        var withEffort = effort is not (null or "none" or "minimal") && body.MaySend("reasoning_effort");
        var withSchema = request.ResponseSchema is not null && body.MaySend(RefusedFields.JsonSchema);
        using var format = request.ResponseSchema is null && request.Options.TryGetValue("response_format", out var option) ? JsonDocument.Parse(option.Utf8) : null;
        var withFormat = format is not null && MessageJson.Text(format.RootElement, "type") == "json_schema";
        if (!withEffort && !withSchema && !withFormat)
            return;
        var json = body.Json;
        json.WriteStartObject("output_config"u8);
        if (withEffort)
            json.WriteString("effort"u8, effort);
        if (withSchema)
            WriteFormat(json, request.ResponseSchema!.Schema);
        else if (withFormat)
            WriteFormatOf(json, format!.RootElement);
        json.WriteEndObject();
    }

    private static void WriteFormatOf(Utf8JsonWriter json, JsonElement format)
    {
        if (format.TryGetProperty("json_schema", out var outer) && outer.TryGetProperty("schema", out var schema))
            WriteFormat(json, schema);
    }

    private static void WriteFormat(Utf8JsonWriter json, JsonElement schema)
    {
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WritePropertyName("schema"u8);
        schema.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteStop(Utf8JsonWriter json, RawJson stop)
    {
        using var document = JsonDocument.Parse(stop.Utf8);
        if (document.RootElement.ValueKind is JsonValueKind.Null)
            return;
        json.WritePropertyName("stop_sequences"u8);
        if (document.RootElement.ValueKind is JsonValueKind.String)
        {
            json.WriteStartArray();
            document.RootElement.WriteTo(json);
            json.WriteEndArray();
        }
        else
        {
            document.RootElement.WriteTo(json);
        }
    }
}
