using System.Text.Json.Serialization;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Events;

/// <summary>
/// What happens in a turn, as `wire-protocol` names it. The records are the data of the events on the wire and in the log; the pieces of text
/// (`delta`, `reasoning`) have none, since they are written as bytes (<see cref="EventFrames"/>).
/// </summary>
internal abstract record TurnEvent;

/// <summary>The turn has begun. Always the first event.</summary>
internal sealed record StatusEvent(string Status, string TurnId, string Model, string Provider, bool HasTools) : TurnEvent;

/// <summary>A model call begins: one of the turn's own, or, with a tool's name, one that a tool makes.</summary>
internal sealed record LlmRequestEvent(string Phase, int Iteration, string Provider, string Model) : TurnEvent
{
    public string? Tool { get; init; }

    public string? ToolCallId { get; init; }
}

/// <summary>A model call has ended. Times are milliseconds from its start.</summary>
internal sealed record LlmResponseEvent(string Phase, int Iteration, string FinishReason, ModelUsage? Usage, double? FirstTokenMs, double DurationMs)
    : TurnEvent
{
    public string? Tool { get; init; }

    public string? ToolCallId { get; init; }
}

/// <summary>A tool call is whole and accepted.</summary>
internal sealed record ToolCallStartEvent(string Id, string Name, string Arguments) : TurnEvent;

internal sealed record ToolCallProgressEvent(string Id, string Name, string Status) : TurnEvent
{
    public string? Message { get; init; }

    public int? Completed { get; init; }

    public int? Total { get; init; }
}

/// <summary>A tool call has ended; the content is what the model is given.</summary>
internal sealed record ToolCallResultEvent(string Id, string Name, string Content, double DurationMs) : TurnEvent
{
    /// <summary>True for a failure, absent otherwise.</summary>
    public bool? Error { get; init; }
}

/// <summary>An assistant message is whole. On the wire it is the message alone.</summary>
internal sealed record MessageCompleteEvent(RawJson Message) : TurnEvent;

/// <summary>The unfinished text of this model call is void: the call is made again.</summary>
internal sealed record MessageResetEvent(int Iteration) : TurnEvent;

/// <summary>The turn has ended with an answer.</summary>
internal sealed record CompleteEvent(string Status, IReadOnlyList<RawJson> Messages, int Iterations, ModelUsage Usage) : TurnEvent
{
    /// <summary>Why the answer is not what the model would have said by itself: `max_iterations` or `length`.</summary>
    public string? StoppedBy { get; init; }
}

/// <summary>The turn has ended without an answer.</summary>
internal sealed record ErrorEvent(
    [property: JsonPropertyName("error")] string Message, ErrorCode Code, bool Retryable) : TurnEvent;
