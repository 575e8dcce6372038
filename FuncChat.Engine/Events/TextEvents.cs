namespace FuncChat.Engine.Events;

/// <summary>A piece of the answer's text.</summary>
/// <param name="Content">The piece as the provider escaped it. In a turn of an older version, it may end in the middle of a surrogate pair.</param>
public sealed record DeltaEvent(JsonText Content) : TurnEvent
{
    /// <summary>The event's name on the wire.</summary>
    public static ReadOnlySpan<byte> WireName => "delta"u8;

    /// <summary>True for a piece in which the model declines to answer, absent otherwise.</summary>
    public bool? Refusal { get; init; }
}

/// <summary>A piece of the model's reasoning.</summary>
/// <param name="Content">The piece as the provider escaped it. In a turn of an older version, it may end in the middle of a surrogate pair.</param>
public sealed record ReasoningEvent(JsonText Content) : TurnEvent
{
    /// <summary>The event's name on the wire.</summary>
    public static ReadOnlySpan<byte> WireName => "reasoning"u8;
}
