using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.Responses;

/// <summary>
/// Numbers the events of a response by the turn's events that they come from, and not by counting: a number means the same event to every reader, also after a
/// crash that lost events.
/// </summary>
/// <param name="emit">Receives the events; null if only the result counts.</param>
internal sealed class ResponseSequence(Action<ResponseEvent>? emit)
{
    /// <summary>More than the events that one event of the turn causes. Numbers stay within 32 bits for 16 million events.</summary>
    public const int Stride = 128;

    private int _count;

    /// <summary>Whether the events are wanted.</summary>
    public bool IsWanted => emit is not null;

    /// <summary>The id of the turn's event that is being applied.</summary>
    public long EventId { get; private set; }

    /// <summary>Whether there is room for an event that can be left out, since a later one repeats what it says.</summary>
    public bool HasRoom => _count < Stride / 2;

    public void Begin(long eventId) => (EventId, _count) = (eventId, 0);

    /// <summary>The number of the next event.</summary>
    public long Next() => (EventId * Stride) + Math.Min(_count++, Stride - 1);

    public void Emit(ResponseEvent responseEvent) => emit?.Invoke(responseEvent);

    public static RawJson Json<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type));
}
