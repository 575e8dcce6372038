using System.Text;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Events;

/// <summary>The parts of a frame. They refer to the frame's own bytes, and nothing is decoded before it is asked for.</summary>
/// <param name="Name">The event's name on the wire.</param>
/// <param name="Data">The event's JSON.</param>
internal readonly record struct TurnEventFrame(long Id, ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Data)
{
    /// <summary>Whether this is a piece of text, which changes nothing in the state of a turn.</summary>
    public bool IsText => Name.Span.SequenceEqual(DeltaEvent.WireName) || Name.Span.SequenceEqual(ReasoningEvent.WireName);

    /// <summary>Decodes the event; null if a newer version wrote it and this one does not know its name.</summary>
    public TurnEvent? TryDecode() => TurnEventCodec.DecodeStored(Name.Span, Data.Span);

    /// <summary>Decodes the event; null if a newer version may have written it.</summary>
    /// <exception cref="FormatException">The event has a name that is nearly a known one, or no name, or its data is no object.</exception>
    public TurnEvent? Decode() => TryDecode() is { } turnEvent ? turnEvent
        : FrameCheck.IsEvent(Name.Span, Data.Span) && !TurnEventCodec.IsNearlyKnown(Name.Span) ? null
        : throw new FormatException($"A turn's log has an event with the unknown name '{Encoding.UTF8.GetString(Name.Span)}'.");
}
