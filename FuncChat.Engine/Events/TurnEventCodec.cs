using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FuncChat.Engine.Events;

/// <summary>
/// Maps events to their names and JSON, and back. The log, the wire formats, the OpenAPI document and the page's event types all use this table:
/// a new event is a record and a line here.
/// </summary>
public static class TurnEventCodec
{
    /// <summary>Every type of event.</summary>
    public static IReadOnlyList<TurnEventType> Types { get; } =
    [
        Of("status", Json.StatusEvent),
        Of("llm_request", Json.LlmRequestEvent),
        Of("llm_retry", Json.LlmRetryEvent),
        Of("llm_response", Json.LlmResponseEvent),
        Of("delta", Json.DeltaEvent),
        Of("reasoning", Json.ReasoningEvent),
        Of("tool_call_start", Json.ToolCallStartEvent),
        Of("tool_call_progress", Json.ToolCallProgressEvent),
        Of("tool_call_result", Json.ToolCallResultEvent),
        Of("citation", Json.CitationEvent),
        Of("client_tool_calls", Json.ClientToolCallsEvent),
        new(
            "message_complete", typeof(MessageCompleteEvent),
            static data => new MessageCompleteEvent(new RawJson(data.ToArray())),
            static data =>
            {
                StoredMessages.Check(data);
                return new MessageCompleteEvent(new RawJson(data.ToArray()));
            },
            static (writer, message) => writer.WriteRawValue(((MessageCompleteEvent)message).Message.Utf8.Span, skipInputValidation: true)),
        Of("message_reset", Json.MessageResetEvent),
        Of("approval_request", Json.ApprovalRequestEvent),
        Of("input_request", Json.InputRequestEvent),
        Of("budget_request", Json.BudgetRequestEvent),
        Of("budget_warning", Json.BudgetWarningEvent),
        Of("request_answered", Json.RequestAnsweredEvent),
        Of("parked", Json.ParkedEvent),
        Of("search_start", Json.SearchStartEvent),
        Of("search_result", Json.SearchResultEvent),
        Of("search_error", Json.SearchErrorEvent),
        Of("plan", Json.PlanEvent),
        Of("complete", Json.CompleteEvent, distinctField: "messages", otherField: "iterations", check: static complete => StoredMessages.Check(complete.Messages)),
        Of("complete", Json.SearchCompleteEvent, distinctField: "results"),
        Of("complete", Json.PlanCompleteEvent),
        Of("error", Json.ErrorEvent),
    ];

    private static readonly FrozenDictionary<Type, TurnEventType> ByRecord = Types.ToFrozenDictionary(type => type.RecordType);

    // Not the relaxed context: with an encoder among its options, the serializer does not use the code that is generated for writing. The writer has that encoder.
    private static EngineJson Json => EngineJson.Default;

    /// <summary>The type of an event.</summary>
    public static TurnEventType TypeOf(TurnEvent turnEvent) => ByRecord.TryGetValue(turnEvent.GetType(), out var type)
        ? type
        : throw new ArgumentOutOfRangeException(nameof(turnEvent), turnEvent, "The event is not in the codec's table.");

    /// <summary>Reads an event that may lack fields, such as one that a client has sent.</summary>
    /// <param name="name">The name on the wire.</param>
    /// <param name="data">The JSON of the event; it is copied.</param>
    /// <returns>Null if no event has this name.</returns>
    /// <exception cref="JsonException">The data is not that of such an event.</exception>
    public static TurnEvent? Decode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => Find(name, data)?.Read(data);

    /// <summary>Reads an event from a turn's log, which has all its fields.</summary>
    /// <inheritdoc cref="Decode"/>
    internal static TurnEvent? DecodeStored(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => Find(name, data)?.ReadStored(data);

    /// <summary>Whether a name that no event has is one of a known event in which some letters are others: a disk may have changed them.</summary>
    internal static bool IsNearlyKnown(ReadOnlySpan<byte> name)
    {
        foreach (var type in Types)
        {
            if (type.Utf8Name.Length != name.Length)
                continue;
            var same = 0;
            for (var at = 0; at < name.Length; at++)
                same += name[at] == type.Utf8Name[at] ? 1 : 0;
            if (same * 4 >= name.Length * 3)
                return true;
        }

        return false;
    }

    private static TurnEventType? Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        foreach (var type in Types)
        {
            if (name.SequenceEqual(type.Utf8Name) && type.Fits(data))
                return type;
        }

        return null;
    }

    private static TurnEventType Of<T>(string name, JsonTypeInfo<T> json, string? distinctField = null, string? otherField = null, Action<T>? check = null)
        where T : TurnEvent
    {
        var stored = EngineJson.StoredType<T>();
        return new TurnEventType(
            name, typeof(T), data => Deserialize(data, json), data =>
            {
                var turnEvent = Deserialize(data, stored);
                check?.Invoke(turnEvent);
                return turnEvent;
            },
            (writer, turnEvent) => JsonSerializer.Serialize(writer, (T)turnEvent, json))
        {
            DistinctField = distinctField,
            OtherField = otherField,
        };

        T Deserialize(ReadOnlySpan<byte> data, JsonTypeInfo<T> type) =>
            JsonSerializer.Deserialize(data, type) ?? throw new JsonException($"The data of '{name}' is null.");
    }
}
