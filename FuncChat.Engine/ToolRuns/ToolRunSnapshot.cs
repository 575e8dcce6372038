using System.Text.Json.Serialization;
using FuncChat.Engine.Models;
using FuncChat.Engine.Usage;

namespace FuncChat.Engine.ToolRuns;

public enum ToolRunStatus
{
    Queued,
    Executing,
    Ended,
}

/// <summary>
/// The whole state of a tool run at one moment, and the only representation of its progress: a run publishes it, a remote run stores it, a watcher reads it.
/// A later snapshot replaces an earlier one, apart from the model events, which are numbered from the run's first.
/// </summary>
public sealed record ToolRunSnapshot(ToolRunStatus Status)
{
    public string? Message { get; init; }

    public int? Completed { get; init; }

    public int? Total { get; init; }

    /// <summary>The number of model events of the run that precede <see cref="ModelEvents"/>.</summary>
    public int ModelEventsSkipped { get; init; }

    public IReadOnlyList<ToolModelEvent> ModelEvents { get; init; } = [];

    /// <summary>Set when the run has ended. Null in an ended remote run whose outcome is too large for it: then the outcome is in the <see cref="IToolRunStore"/>.</summary>
    public ToolRunOutcome? Outcome { get; init; }

    /// <summary>The cursor for the next snapshot: the number of model events up to and including this one.</summary>
    [JsonIgnore]
    public int ModelEventsSeen => ModelEventsSkipped + ModelEvents.Count;

    /// <summary>The snapshot without the model events that a watcher has seen.</summary>
    public ToolRunSnapshot After(int modelEventsSeen)
    {
        var skip = Math.Clamp(modelEventsSeen - ModelEventsSkipped, 0, ModelEvents.Count);
        return skip == 0 ? this : this with { ModelEvents = [.. ModelEvents.Skip(skip)], ModelEventsSkipped = ModelEventsSkipped + skip };
    }
}

/// <summary>The result of a run.</summary>
/// <param name="Content">The tool's result for the model: text or JSON. For a failure, `{"error": "…"}`.</param>
public sealed record ToolRunOutcome(string Content, bool Failed)
{
    /// <summary>A question to the person: the call runs again with its answer. Null for a result.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ToolQuestion? Question { get; init; }

    /// <summary>What a model call of the tool needs that a budget has no room for: once the budget is raised, the call runs again. Null for a result.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BudgetNeed? Budget { get; init; }

    /// <summary>The run was cancelled.</summary>
    public static ToolRunOutcome Stopped { get; } = Failure("The tool call was stopped.");

    /// <summary>The tool threw an exception that it does not use to report an error.</summary>
    public static ToolRunOutcome Crashed { get; } = Failure("The tool failed unexpectedly. Do not retry with the same arguments.");

    /// <summary>The run can't be started, watched or stored at the moment.</summary>
    public static ToolRunOutcome Unavailable { get; } = Failure("The tool is temporarily unavailable. Continue without it, or try again later.");

    public static ToolRunOutcome Failure(string message) => new(ToolFailure.ToJson(message), Failed: true);
}

/// <summary>A model call of a tool starts or, with a duration, has ended.</summary>
/// <param name="Iteration">The number of the call within the run, from 1.</param>
public sealed record ToolModelEvent(string Phase, int Iteration, string Provider, string Model)
{
    public string? FinishReason { get; init; }

    public ModelUsage? Usage { get; init; }

    public double? FirstTokenMs { get; init; }

    public double? DurationMs { get; init; }
}

/// <summary>A question of a tool to the person.</summary>
/// <param name="Schema">The JSON Schema of the answer.</param>
public sealed record ToolQuestion(string Message, RawJson Schema)
{
    /// <summary>The page to open, in place of a form.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>The MCP server to sign in to, in place of a form.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SignIn { get; init; }
}
