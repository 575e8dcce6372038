namespace FuncChat.Engine.ToolRuns;

/// <summary>
/// Keeps what the steps of long runs gave, and how runs ended, by run id. Entries are kept for as long as turns are.
/// </summary>
public interface IToolRunStore
{
    /// <summary>Every entry of the run, in the order of writing; the last one of a name counts.</summary>
    Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Adds an entry. When it returns, the entry outlives the process. Steps may end at the same time.</summary>
    Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken);

    Task RemoveOlderThanAsync(DateTimeOffset time, CancellationToken cancellationToken);
}

/// <summary>What a step gave, as JSON, or, without a step's name, how the run has ended.</summary>
public sealed record ToolRunEntry(string? Step, RawJson? Value, ToolRunOutcome? Outcome);
