using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>Writes a chat completions request as one provider accepts it.</summary>
internal sealed class OpenAiRequestBody
{
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private readonly ModelRequest _request;
    private readonly ProviderProfile _profile;
    private readonly ModelLimits _limits;

    private OpenAiRequestBody(ModelRequest request, ProviderProfile profile, ModelLimits limits)
    {
        _request = request;
        _profile = profile;
        _limits = limits;
    }

    public static RequestBody Write(ModelRequest request, ProviderProfile profile, ModelLimits limits, string provider)
    {
        var body = new OpenAiRequestBody(request, profile, limits);
        return new RequestBody(body.Write(provider), body._sent);
    }

    private ReadOnlyMemory<byte> Write(string provider)
    {
        var output = new ArrayBufferWriter<byte>(ExpectedLength());
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = EngineJson.Relaxed.Options.Encoder });
        json.WriteStartObject();
        json.WriteString("model"u8, _request.Model);
        json.WriteStartArray("messages"u8);
        new MessageWriter(json, _profile, _limits, provider, _request.Model, _sent).Write(_request.Messages);
        json.WriteEndArray();
        var hasTools = WriteTools(json);
        WriteResponseFormat(json);
        WriteSampling(json);
        WriteOptions(json, hasTools);
        json.WriteBoolean("stream"u8, true);
        if (MaySend(RefusedFields.StreamOptions))
        {
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    // Somewhat more than is written: the buffer would be copied each time it grew.
    private int ExpectedLength()
    {
        var length = 1024 + _request.Messages.Sum(message => message.Length + 128);
        foreach (var tool in _request.Tools)
            length += tool.Name.Length + tool.Description.Length + JsonMarshal.GetRawUtf8Value(tool.JsonSchema).Length + 128;
        return length;
    }

    // Whether an optional field may be sent; it is noted as sent.
    private bool MaySend(string field) => _limits.Allows(field) && !_profile.Ignores.Contains(field) && _sent.Add(field);

    private bool WriteTools(Utf8JsonWriter json)
    {
        // Providers refuse an empty list, and `tool_choice` without one: without tools neither is sent.
        if (_request.Tools.Count == 0 || (_request.ForbidsToolCalls && !MaySend(RefusedFields.ToolChoiceNone)))
            return false;
        var sendsStrict = _request.Tools.Any(tool => DeclaredTool.StrictOf(tool) is true) && MaySend(RefusedFields.Strict);
        json.WriteStartArray("tools"u8);
        foreach (var tool in _request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description);
            json.WritePropertyName("parameters"u8);
            tool.JsonSchema.WriteTo(json);
            if (sendsStrict && DeclaredTool.StrictOf(tool) is true)
                json.WriteBoolean("strict"u8, true);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (_request.ForbidsToolCalls)
            json.WriteString("tool_choice"u8, "none"u8);
        return true;
    }

    private void WriteResponseFormat(Utf8JsonWriter json)
    {
        if (_request.ResponseSchema is not { } schema || !MaySend(RefusedFields.JsonSchema))
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

    private void WriteSampling(Utf8JsonWriter json)
    {
        var sampling = _request.Sampling;
        if (sampling.MaxTokens is { } maxTokens)
        {
            // Reasoning models refuse the older name of this field, and other servers do not know the newer one.
            var other = _profile.TokenLimit == RefusedFields.MaxTokens ? RefusedFields.MaxCompletionTokens : RefusedFields.MaxTokens;
            var field = _limits.Allows(_profile.TokenLimit) ? _profile.TokenLimit : other;
            if (MaySend(field))
                json.WriteNumber(field, maxTokens);
        }

        WriteIfSet(json, "temperature", sampling.Temperature);
        WriteIfSet(json, "top_p", sampling.TopP);
        WriteIfSet(json, "frequency_penalty", sampling.FrequencyPenalty);
        WriteIfSet(json, "presence_penalty", sampling.PresencePenalty);
    }

    private void WriteIfSet(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && MaySend(name))
            json.WriteNumber(name, number);
    }

    private void WriteOptions(Utf8JsonWriter json, bool hasTools)
    {
        foreach (var (name, value) in _request.Options)
        {
            var isOfTools = name is "tool_choice" or "parallel_tool_calls";
            if ((isOfTools && (!hasTools || _request.ForbidsToolCalls)) || (name == "response_format" && _request.ResponseSchema is not null))
                continue;
            if (RequestOptions.Essential.Contains(name) ? _profile.Ignores.Contains(name) : !RequestOptions.Optional.Contains(name) || !MaySend(name))
                continue;
            json.WritePropertyName(name == "seed" ? _profile.SeedField : name);
            json.WriteRawValue(value.Utf8.Span);
        }
    }
}
