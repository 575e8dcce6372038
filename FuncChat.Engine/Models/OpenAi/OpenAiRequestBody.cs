using System.Runtime.InteropServices;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>Writes a chat completions request as one provider accepts it.</summary>
internal static class OpenAiRequestBody
{
    public static RequestBody Write(ModelRequest request, ProviderProfile profile, ModelLimits limits, string provider)
    {
        using var body = new JsonBody(limits, profile.Ignores, ExpectedLength(request));
        body.Json.WriteString("model"u8, request.Model);
        body.Json.WriteStartArray("messages"u8);
        new MessageWriter(body, profile, limits, provider, request.Model).Write(request.Messages);
        body.Json.WriteEndArray();
        var hasTools = WriteTools(body, request);
        WriteResponseFormat(body, request);
        WriteLimit(body, request, profile, limits);
        body.WriteSampling(request.Sampling);
        body.WriteNumber("frequency_penalty", "frequency_penalty", request.Sampling.FrequencyPenalty);
        body.WriteNumber("presence_penalty", "presence_penalty", request.Sampling.PresencePenalty);
        WriteOptions(body, request, profile, hasTools);
        body.Json.WriteBoolean("stream"u8, true);
        if (body.MaySend(RefusedFields.StreamOptions))
        {
            body.Json.WriteStartObject("stream_options"u8);
            body.Json.WriteBoolean("include_usage"u8, true);
            body.Json.WriteEndObject();
        }

        return body.End();
    }

    private static int ExpectedLength(ModelRequest request)
    {
        var length = 1024 + request.Messages.Sum(message => message.Length + 128);
        foreach (var tool in request.Tools)
            length += tool.Name.Length + tool.Description.Length + JsonMarshal.GetRawUtf8Value(tool.JsonSchema).Length + 128;
        return length;
    }

    private static bool WriteTools(JsonBody body, ModelRequest request)
    {
        // Providers refuse an empty list, and `tool_choice` without one: without tools neither is sent.
        if (request.Tools.Count == 0 || (request.ForbidsToolCalls && !body.MaySend(RefusedFields.ToolChoiceNone)))
            return false;
        var json = body.Json;
        var sendsStrict = request.Tools.Any(tool => JsonBody.IsStrict(tool)) && body.MaySend(RefusedFields.Strict);
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            body.WriteArguments(tool, "parameters");
            if (sendsStrict && JsonBody.IsStrict(tool))
                json.WriteBoolean("strict"u8, true);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (request.ForbidsToolCalls)
            json.WriteString("tool_choice"u8, "none"u8);
        return true;
    }

    private static void WriteResponseFormat(JsonBody body, ModelRequest request)
    {
        if (request.ResponseSchema is not { } schema || !body.MaySend(RefusedFields.JsonSchema))
            return;
        var json = body.Json;
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

    private static void WriteLimit(JsonBody body, ModelRequest request, ProviderProfile profile, ModelLimits limits)
    {
        if (request.Sampling.MaxTokens is not { } maxTokens)
            return;

        // Reasoning models refuse the older name of this field, and other servers do not know the newer one.
        var other = profile.TokenLimit == RefusedFields.MaxTokens ? RefusedFields.MaxCompletionTokens : RefusedFields.MaxTokens;
        var field = limits.Allows(profile.TokenLimit) ? profile.TokenLimit : other;
        if (body.MaySend(field))
            body.Json.WriteNumber(field, maxTokens);
    }

    private static void WriteOptions(JsonBody body, ModelRequest request, ProviderProfile profile, bool hasTools)
    {
        foreach (var (name, value) in request.Options)
        {
            var isOfTools = name is "tool_choice" or "parallel_tool_calls";
            if ((isOfTools && (!hasTools || request.ForbidsToolCalls)) || (name == "response_format" && request.ResponseSchema is not null))
                continue;
            if (RequestOptions.Essential.Contains(name) ? profile.Ignores.Contains(name) : !RequestOptions.Optional.Contains(name) || !body.MaySend(name))
                continue;
            body.Json.WritePropertyName(name == "seed" ? profile.SeedField : name);
            body.Json.WriteRawValue(value.Utf8.Span);
        }
    }
}
