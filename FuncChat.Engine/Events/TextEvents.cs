namespace FuncChat.Engine.Events;

/// <summary>A piece of the answer's text. One that follows the call's <see cref="LlmResponseEvent"/> is a refusal.</summary>
/// <param name="Content">The piece as the provider escaped it: it may end in the middle of a surrogate pair.</param>
public sealed record DeltaEvent(JsonText Content) : TurnEvent
{
    /// <summary>The event's name on the wire.</summary>
    public static ReadOnlySpan<byte> WireName => "delta"u8;
}

/// <summary>A piece of the model's reasoning.</summary>
/// <param name="Content">The piece as the provider escaped it: it may end in the middle of a surrogate pair.</param>
public sealed record ReasoningEvent(JsonText Content) : TurnEvent
{
    /// <summary>The event's name on the wire.</summary>
    public static ReadOnlySpan<byte> WireName => "reasoning"u8;
}
