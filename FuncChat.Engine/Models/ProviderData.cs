using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>
/// The state of an assistant message that its provider wants back (<see cref="ModelState"/>), as `provider_data` keeps it in events, in the log,
/// and in the messages that clients store and return.
/// </summary>
internal sealed class ProviderData
{
    public const string Field = "provider_data";

    private readonly JsonElement _data;

    private ProviderData(JsonElement data) => _data = data;

    /// <summary>The message's state, if this provider and model made it.</summary>
    public static ProviderData? Of(JsonElement message, string provider, string model) =>
        message.TryGetProperty(Field, out var data)
        && MessageJson.Text(data, "provider") == provider && MessageJson.Text(data, "model") == model
            ? new ProviderData(data)
            : null;

    /// <summary>The fields of the message itself.</summary>
    public IEnumerable<JsonProperty> MessageFields() =>
        _data.TryGetProperty("message", out var message) && message.ValueKind is JsonValueKind.Object ? message.EnumerateObject() : [];

    /// <summary>What the answer consisted of, in order, for APIs that want its parts back in their places; empty for others.</summary>
    public IReadOnlyList<JsonElement> Items() =>
        _data.TryGetProperty("message", out var message) && message.ValueKind is JsonValueKind.Object
        && message.TryGetProperty("items", out var items) && items.ValueKind is JsonValueKind.Array
            ? [.. items.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.Object)]
            : [];

    public string? MessageText(string field) => _data.TryGetProperty("message", out var message) ? MessageJson.Text(message, field) : null;

    /// <summary>The fields of a tool call; undefined where there are none.</summary>
    public JsonElement ToolCall(string id) =>
        _data.TryGetProperty("tool_calls", out var calls) && calls.ValueKind is JsonValueKind.Object && calls.TryGetProperty(id, out var call) ? call : default;

    /// <summary>Writes the property.</summary>
    /// <param name="reasoning">The answer's reasoning, as <see cref="ModelChunk.EscapedText"/>.</param>
    /// <param name="calls">The ids of the answer's tool calls by their index, as the turn named them and, where it had to rename them, as the model did.</param>
    public static void Write(
        Utf8JsonWriter json, string provider, string model, ModelState? state, ReadOnlySpan<byte> reasoning,
        IReadOnlyList<(int Index, string Id, string? Original)> calls)
    {
        var withReasoning = state?.ReasoningField is not null && reasoning.Length > 0;
        var withCalls = calls.Any(call => call.Original is not null || state?.ToolCalls.ContainsKey(call.Index) == true);
        if (!withReasoning && !withCalls && state?.Message is null)
            return;
        json.WriteStartObject(Field);
        json.WriteString("provider"u8, provider);
        json.WriteString("model"u8, model);
        if (withReasoning || state?.Message is not null)
        {
            json.WriteStartObject("message"u8);
            if (withReasoning)
            {
                json.WritePropertyName(state!.ReasoningField!);
                json.WriteRawValue([(byte)'"', .. reasoning, (byte)'"'], skipInputValidation: true);
            }

            WriteFields(json, state?.Message);
            json.WriteEndObject();
        }

        if (withCalls)
            WriteCalls(json, state, calls);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, ModelState? state, IReadOnlyList<(int Index, string Id, string? Original)> calls)
    {
        json.WriteStartObject("tool_calls"u8);
        foreach (var (index, id, original) in calls)
        {
            RawJson? fields = state is not null && state.ToolCalls.TryGetValue(index, out var own) ? own : null;
            if (original is null && fields is null)
                continue;
            json.WriteStartObject(id);
            if (original is not null)
                json.WriteString("id"u8, original);
            WriteFields(json, fields);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, RawJson? fields)
    {
        if (fields is null)
            return;
        using var document = JsonDocument.Parse(fields.Value.Utf8);
        foreach (var field in document.RootElement.EnumerateObject())
            field.WriteTo(json);
    }
}
