using FuncChat.Engine.Models;

namespace FuncChat.Engine.ToolRuns;

public enum ToolRunStatus
{
    Queued,
    Executing,
    Ended,
}

/// <summary>A tool run's whole state at one moment.</summary>
public sealed record ToolRunSnapshot(ToolRunStatus Status)
{
    public string? Message { get; init; }

    public int? Completed { get; init; }

    public int? Total { get; init; }

    /// <summary>The run's model events that the turn has not logged yet: those behind <see cref="ToolRunSpec.ModelEventsSeen"/> and earlier snapshots.</summary>
    public IReadOnlyList<ToolModelEvent> ModelEvents { get; init; } = [];

    /// <summary>Set when the run has ended.</summary>
    public ToolRunOutcome? Outcome { get; init; }
}

/// <summary>The result of a run.</summary>
/// <param name="Content">The tool's result for the model: text or JSON. For a failure, `{"error": "…"}`.</param>
public sealed record ToolRunOutcome(string Content, bool Failed)
{
    /// <summary>The run was cancelled.</summary>
    public static ToolRunOutcome Stopped { get; } = Failure("The tool call was stopped.");

    /// <summary>The tool threw an exception that it does not use to report an error.</summary>
    public static ToolRunOutcome Crashed { get; } = Failure("The tool failed unexpectedly. Do not retry with the same arguments.");

    /// <summary>The run can't be started, watched or stored at the moment.</summary>
    public static ToolRunOutcome Unavailable { get; } = Failure("The tool is temporarily unavailable. Continue without it, or try again later.");

    public static ToolRunOutcome Failure(string message) => new(ToolFailure.ToJson(message), Failed: true);
}

/// <summary>A model call of a tool begins, or, with a duration, has ended.</summary>
/// <param name="Iteration">Counts the tool's model calls from 1.</param>
public sealed record ToolModelEvent(string Phase, int Iteration, string Provider, string Model)
{
    public string? FinishReason { get; init; }

    public ModelUsage? Usage { get; init; }

    public double? FirstTokenMs { get; init; }

    public double? DurationMs { get; init; }
}
