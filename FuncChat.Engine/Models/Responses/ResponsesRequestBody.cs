using System.Text.Json;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.Responses;

/// <summary>Writes a request of the Responses API.</summary>
internal static class ResponsesRequestBody
{
    // Models that refuse the fields for reasoning. Others that do are learned.
    private static readonly string[] WithoutReasoning = ["gpt-4", "gpt-3.5", "chatgpt-4"];

    /// <exception cref="ModelException">The request has what the API can't carry.</exception>
    public static RequestBody Write(ModelRequest request, ModelLimits limits, string provider)
    {
        UnsupportedOptions.Refuse(request, provider, "stop", "logit_bias", "logprobs", "top_logprobs");
        using var body = new JsonBody(limits);
        var json = body.Json;
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("input"u8);
        ResponsesInput.Write(body, request, provider);
        json.WriteEndArray();
        WriteTools(body, request);
        WriteReasoning(body, request);
        WriteText(body, request);
        if (request.Sampling.MaxTokens is { } maxTokens)
            json.WriteNumber("max_output_tokens"u8, maxTokens);
        body.WriteSampling(request.Sampling);
        foreach (var name in (ReadOnlySpan<string>)["metadata", "service_tier", "user", "safety_identifier", "prompt_cache_key"])
        {
            if (request.Options.TryGetValue(name, out var value) && body.MaySend(name))
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value.Utf8.Span);
            }
        }

        json.WriteBoolean("store"u8, false);
        json.WriteBoolean("stream"u8, true);
        return body.End();
    }

    private static void WriteTools(JsonBody body, ModelRequest request)
    {
        if (!body.WriteTools(request.Tools, "parameters", asFunctions: true))
            return;
        var json = body.Json;
        if (request.ForbidsToolCalls)
        {
            json.WriteString("tool_choice"u8, "none"u8);
            return;
        }

        if (request.Options.TryGetValue("tool_choice", out var choice))
            WriteToolChoice(json, choice);
        if (request.Options.TryGetValue("parallel_tool_calls", out var parallel) && body.MaySend("parallel_tool_calls"))
        {
            json.WritePropertyName("parallel_tool_calls"u8);
            json.WriteRawValue(parallel.Utf8.Span);
        }
    }

    // Chat completions have the name, and the allowed tools, one level deeper.
    private static void WriteToolChoice(Utf8JsonWriter json, RawJson choice)
    {
        using var document = JsonDocument.Parse(choice.Utf8);
        var root = document.RootElement;
        json.WritePropertyName("tool_choice"u8);
        if (root.ValueKind is JsonValueKind.Object && root.TryGetProperty("function", out var function))
        {
            WriteFunction(json, function);
        }
        else if (root.ValueKind is JsonValueKind.Object && root.TryGetProperty("allowed_tools", out var allowed))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "allowed_tools"u8);
            json.WriteString("mode"u8, MessageJson.Text(allowed, "mode"));
            json.WriteStartArray("tools"u8);
            foreach (var tool in allowed.GetProperty("tools").EnumerateArray())
                WriteFunction(json, tool.GetProperty("function"));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteRawValue(choice.Utf8.Span);
        }
    }

    private static void WriteFunction(Utf8JsonWriter json, JsonElement function)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, MessageJson.Text(function, "name"));
        json.WriteEndObject();
    }

    private static void WriteReasoning(JsonBody body, ModelRequest request)
    {
        if (Array.Exists(WithoutReasoning, prefix => request.Model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            return;
        var json = body.Json;
        if (body.MaySend("reasoning"))
        {
            json.WriteStartObject("reasoning"u8);
            if (request.Options.TryGetValue("reasoning_effort", out var effort))
            {
                json.WritePropertyName("effort"u8);
                json.WriteRawValue(effort.Utf8.Span);
            }

            json.WriteString("summary"u8, "auto"u8);
            json.WriteEndObject();
        }

        if (body.MaySend("include"))
        {
            json.WriteStartArray("include"u8);
            json.WriteStringValue("reasoning.encrypted_content"u8);
            json.WriteEndArray();
        }
    }

    private static void WriteText(JsonBody body, ModelRequest request)
    {
        var hasVerbosity = request.Options.TryGetValue("verbosity", out var verbosity) && body.MaySend("verbosity");
        var hasSchema = request.ResponseSchema is not null && body.MaySend(RefusedFields.JsonSchema);
        var hasFormat = request.ResponseSchema is null & request.Options.TryGetValue("response_format", out var format);
        if (!hasVerbosity && !hasSchema && !hasFormat)
            return;
        var json = body.Json;
        json.WriteStartObject("text"u8);
        if (hasVerbosity)
        {
            json.WritePropertyName("verbosity"u8);
            json.WriteRawValue(verbosity.Utf8.Span);
        }

        if (hasSchema)
            WriteSchema(json, request.ResponseSchema!);
        else if (hasFormat)
            WriteFormat(body, format);
        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, ResponseSchema schema)
    {
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteString("name"u8, schema.Name);
        json.WriteBoolean("strict"u8, true);
        json.WritePropertyName("schema"u8);
        schema.Schema.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteFormat(JsonBody body, RawJson format)
    {
        using var document = JsonDocument.Parse(format.Utf8);
        var json = body.Json;
        json.WriteStartObject("format"u8);
        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (field.Name != "json_schema")
            {
                body.WriteRaw(field.Name, field.Value);
                continue;
            }

            foreach (var inner in field.Value.EnumerateObject())
                body.WriteRaw(inner.Name, inner.Value);
        }

        json.WriteEndObject();
    }
}
