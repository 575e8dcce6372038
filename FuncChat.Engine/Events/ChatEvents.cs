using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Events;

/// <summary>The turn started. The first event of a chat or a plan.</summary>
/// <param name="Model">The model's name as its provider knows it.</param>
public sealed record StatusEvent(
    [property: AllowedValues("processing")] string Status, string TurnId, string Model, string Provider, bool HasTools) : TurnEvent;

/// <summary>A model call starts: one of the turn's own or, with a tool's name, one that a tool makes.</summary>
/// <param name="Phase">`answer`, `final_answer`, `plan`, `plan_repair`, or a word of the tool.</param>
/// <param name="Iteration">Counts the calls of the turn, or of the tool call, from 1.</param>
public sealed record LlmRequestEvent(string Phase, int Iteration, string Provider, string Model) : TurnEvent
{
    /// <summary>The tool that makes the call; absent for the turn's own calls.</summary>
    public string? Tool { get; init; }

    public string? ToolCallId { get; init; }
}

/// <summary>A model call failed before its answer began, and is retried after a wait.</summary>
/// <param name="Attempt">The number of the attempt that failed, from 1.</param>
/// <param name="WaitSeconds">The time until the next attempt.</param>
public sealed record LlmRetryEvent(int Iteration, int Attempt, double WaitSeconds, ErrorCode Code, string Reason) : TurnEvent;

/// <summary>
/// A model call ended. Times are milliseconds from its start. If a provider refuses a plan's call because of the schema that it asks for, the call ends with
/// the finish_reason `error` and is repeated without the schema.
/// </summary>
public sealed record LlmResponseEvent(string Phase, int Iteration, string FinishReason, ModelUsage? Usage, double? FirstTokenMs, double DurationMs)
    : TurnEvent
{
    /// <summary>The tool that made the call; absent for the turn's own calls.</summary>
    public string? Tool { get; init; }

    public string? ToolCallId { get; init; }
}

/// <summary>A tool call is complete, was accepted, and runs.</summary>
/// <param name="Arguments">A JSON object as text.</param>
public sealed record ToolCallStartEvent(string Id, string Name, string Arguments) : TurnEvent;

/// <summary>The state of a tool call that runs. The latest such event counts.</summary>
public sealed record ToolCallProgressEvent(
    string Id, string Name, [property: AllowedValues("queued", "executing")] string Status) : TurnEvent
{
    public string? Message { get; init; }

    public int? Completed { get; init; }

    public int? Total { get; init; }
}

/// <summary>A tool call ended.</summary>
/// <param name="Content">The result that the model receives.</param>
public sealed record ToolCallResultEvent(string Id, string Name, string Content, double DurationMs) : TurnEvent
{
    /// <summary>True for a failure, absent otherwise.</summary>
    public bool? Error { get; init; }
}

/// <summary>
/// A source that the answer may cite. It precedes the result of the tool call that found it, or the `message_complete` of the answer that its provider sent
/// it with.
/// </summary>
/// <param name="Number">The number of the source in the turn, from 1: the model cites it as `[1]`.</param>
public sealed record CitationEvent(int Number, string Url, string Title) : TurnEvent;

/// <summary>The model calls tools that the client runs. The turn completes; the client sends the results with its next request.</summary>
public sealed record ClientToolCallsEvent(IReadOnlyList<ClientToolCall> Calls) : TurnEvent;

/// <summary>A call of a tool that the client runs.</summary>
/// <param name="Arguments">A JSON object as text or, if they are cut or invalid, what the model wrote.</param>
public sealed record ClientToolCall(string Id, string Name, string Arguments)
{
    /// <summary>The error of a call that can't run, for the model.</summary>
    public const string Invalid = "The arguments of the call were cut off, or are not a JSON object, so it did not run. Call the tool again with complete arguments.";

    /// <summary>Whether the arguments are a JSON object.</summary>
    public bool CanRun() => !ToolCallText.IsCut(Arguments) && ToolCallText.ToObject(Arguments) is not null;
}

/// <summary>An assistant message is complete. On the wire, the data is the message itself.</summary>
/// <param name="Message">An assistant message of OpenAI's chat completions.</param>
public sealed record MessageCompleteEvent(RawJson Message) : TurnEvent;

/// <summary>The unfinished text of this model call is void: the call is retried.</summary>
public sealed record MessageResetEvent(int Iteration) : TurnEvent;

/// <summary>The chat ended with an answer.</summary>
/// <param name="Messages">The messages that the turn added, the assistant's and the tools'. Send them with the next request.</param>
/// <param name="Usage">The tokens of all model calls, those of tools included.</param>
public sealed record CompleteEvent(
    [property: AllowedValues("success")] string Status, IReadOnlyList<RawJson> Messages, int Iterations, ModelUsage Usage) : TurnEvent
{
    /// <summary>Why the answer is cut short. Absent if it is complete.</summary>
    [AllowedValues("max_iterations", "length")]
    public string? StoppedBy { get; init; }

    /// <summary>When the turn ended. Absent if this server's own protocol started it.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>The turn ended without a result.</summary>
/// <param name="Message">A sentence for the user.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
public sealed record ErrorEvent(
    [property: JsonPropertyName("error")] string Message, ErrorCode Code, bool Retryable) : TurnEvent
{
    /// <summary>The seconds to wait before the next attempt, if known.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>The location of the error in the request's body, such as $.response_format.</summary>
    public string? Path { get; init; }

    /// <summary>A narrower code in OpenAI's words, such as `context_length_exceeded`.</summary>
    public string? Reason { get; init; }

    /// <summary>The event that ends a turn with this error.</summary>
    public static ErrorEvent Of(AppError error) => new(error.Message, error.Code, error.Retryable)
    {
        RetryAfter = error.RetryAfter?.TotalSeconds,
        Path = error.Path,
        Reason = error.Reason,
    };

    /// <summary>The error that ended the turn.</summary>
    public AppError ToError() => new(Code, Message)
    {
        Retryable = Retryable,
        RetryAfter = RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Path = Path,
        Reason = Reason,
    };
}
