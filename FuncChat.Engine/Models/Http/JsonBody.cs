using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models.Http;

/// <summary>Writes the JSON of a request whose optional fields a provider may refuse.</summary>
internal sealed class JsonBody : IDisposable
{
    private readonly ArrayBufferWriter<byte> _output;
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private readonly ModelLimits _limits;
    private readonly IReadOnlySet<string> _ignored;
    private MessageOrders _orders;

    /// <param name="ignored">The fields that the provider is known not to accept.</param>
    /// <param name="capacity">Somewhat more than is written: the buffer would be copied each time it grew.</param>
    public JsonBody(ModelLimits limits, IReadOnlySet<string>? ignored = null, int capacity = 4 * 1024)
    {
        _limits = limits;
        _ignored = ignored ?? FrozenSet<string>.Empty;
        _output = new ArrayBufferWriter<byte>(capacity);
        Json = new Utf8JsonWriter(_output, EngineJson.WriterOptions);
        Json.WriteStartObject();
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Whether an optional field may be sent; it is noted as sent.</summary>
    public bool MaySend(string field) => _limits.Allows(field) && !_ignored.Contains(field) && _sent.Add(field);

    /// <summary>Notes that an optional field was sent, which messages may have any number of times.</summary>
    public void AddSent(string field) => _sent.Add(field);

    /// <summary>Notes that the messages have this order.</summary>
    public void AddOrder(MessageOrders order) => _orders |= order;

    public void WriteNumber(string field, string name, double? value)
    {
        if (value is { } number && MaySend(field))
            Json.WriteNumber(name, number);
    }

    /// <summary>Writes a value as it was sent, byte by byte: it may be megabytes.</summary>
    public void WriteRaw(JsonElement value) => Json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    public void WriteRaw(string name, JsonElement value)
    {
        Json.WritePropertyName(name);
        WriteRaw(value);
    }

    /// <summary>Writes `temperature` and `top_p`, which many models refuse.</summary>
    public void WriteSampling(SamplingOptions sampling)
    {
        WriteNumber("temperature", "temperature", sampling.Temperature);
        WriteNumber("top_p", "top_p", sampling.TopP);
    }

    /// <summary>Writes `tools`, if there are any.</summary>
    /// <param name="schemaField">The field in which the API expects the schema of the arguments.</param>
    /// <param name="asFunctions">Whether a tool is one of several types, a function.</param>
    /// <returns>Whether there are any.</returns>
    public bool WriteTools(IReadOnlyList<AIFunctionDeclaration> tools, string schemaField, bool asFunctions)
    {
        if (tools.Count == 0)
            return false;
        var sendsStrict = tools.Any(tool => IsStrict(tool)) && MaySend(RefusedFields.Strict);
        Json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            Json.WriteStartObject();
            if (asFunctions)
                Json.WriteString("type"u8, "function"u8);
            Json.WriteString("name"u8, tool.Name);
            WriteArguments(tool, schemaField);
            var strict = sendsStrict && IsStrict(tool);
            if (strict || asFunctions)
                Json.WriteBoolean("strict"u8, strict);
            Json.WriteEndObject();
        }

        Json.WriteEndArray();
        return true;
    }

    /// <summary>Whether the arguments must match the schema that is sent. Providers refuse that for one with alternatives, however it is sent.</summary>
    public static bool IsStrict(AIFunctionDeclaration tool) => DeclaredTool.StrictOf(tool) == true && !SentSchema.HasAlternatives(tool.JsonSchema);

    /// <summary>Writes what a tool is for, if it says so, and the schema of its arguments.</summary>
    public void WriteArguments(AIFunctionDeclaration tool, string schemaField)
    {
        // Amazon Bedrock refuses an empty description.
        if (!string.IsNullOrWhiteSpace(tool.Description))
            Json.WriteString("description"u8, tool.Description);
        Json.WritePropertyName(schemaField);
        SentSchema.Of(tool.JsonSchema).WriteTo(Json);
    }

    public RequestBody End()
    {
        Json.WriteEndObject();
        Json.Flush();
        return new RequestBody(_output.WrittenMemory, _sent, _orders);
    }

    public void Dispose() => Json.Dispose();
}
