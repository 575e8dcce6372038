using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.Responses;

/// <summary>
/// Numbers the events of a response by the turn's events that they come from, and not by counting: a number means the same event to every reader, also after a
/// crash that lost events. Numbers are unique, since they are part of the ids of items too.
/// </summary>
/// <param name="emit">Receives the events; null if only the result counts.</param>
internal sealed class ResponseSequence(Action<ResponseEvent>? emit)
{
    // More than the events that one event of the turn usually causes. Numbers stay within 32 bits for 16 million events.
    private const int Stride = 128;

    /// <summary>Whether the events are wanted.</summary>
    public bool IsWanted => emit is not null;

    /// <summary>The lowest number that no event has yet.</summary>
    public long Unused { get; private set; }

    /// <summary>The number with which the events of one event of the turn begin, unless those before have more numbers than is usual.</summary>
    public static long FirstOf(long eventId) => eventId * Stride;

    /// <summary>The last number that a client has which has the events of the turn up to this one; -1 if it has none.</summary>
    public static long LastOf(long eventId) => eventId == 0 ? -1 : FirstOf(eventId + 1) - 1;

    public void Begin(long eventId) => Unused = Math.Max(Unused, FirstOf(eventId));

    /// <summary>Returns the number of the next event.</summary>
    public long Next() => Unused++;

    public void Emit(ResponseEvent responseEvent) => emit?.Invoke(responseEvent);

    public static RawJson Json<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type));
}
