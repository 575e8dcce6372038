using System.Buffers;
using System.Text.Json;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>The JSON of a chat completions request.</summary>
internal static class OpenAiRequestBody
{
    public static ReadOnlyMemory<byte> Write(ModelRequest request, TokenLimitField tokenLimitField)
    {
        var output = new ArrayBufferWriter<byte>(1024 + request.Messages.Sum(message => message.Length + 1));
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("messages"u8);
        foreach (var message in request.Messages)
            json.WriteRawValue(message.Span);
        json.WriteEndArray();
        WriteTools(json, request);
        WriteResponseFormat(json, request.ResponseSchema);
        WriteSampling(json, request.Sampling, tokenLimitField);
        json.WriteBoolean("stream"u8, true);
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    private static void WriteTools(Utf8JsonWriter json, ModelRequest request)
    {
        // Providers refuse an empty list, and `tool_choice` without one: without tools neither is there.
        if (request.Tools.Count == 0)
            return;
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description);
            json.WritePropertyName("parameters"u8);
            tool.JsonSchema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteResponseFormat(Utf8JsonWriter json, ResponseSchema? schema)
    {
        if (schema is null)
            return;
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("json_schema"u8);
        json.WriteString("name"u8, schema.Name);
        json.WriteBoolean("strict"u8, true);
        json.WritePropertyName("schema"u8);
        schema.Schema.WriteTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, SamplingOptions sampling, TokenLimitField tokenLimitField)
    {
        if (sampling.MaxTokens is { } maxTokens)
            json.WriteNumber(tokenLimitField is TokenLimitField.MaxTokens ? "max_tokens"u8 : "max_completion_tokens"u8, maxTokens);
        WriteIfSet(json, "temperature"u8, sampling.Temperature);
        WriteIfSet(json, "top_p"u8, sampling.TopP);
        WriteIfSet(json, "frequency_penalty"u8, sampling.FrequencyPenalty);
        WriteIfSet(json, "presence_penalty"u8, sampling.PresencePenalty);
    }

    private static void WriteIfSet(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
