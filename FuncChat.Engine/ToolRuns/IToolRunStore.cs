namespace FuncChat.Engine.ToolRuns;

/// <summary>Stores the results of the steps of long runs, and the outcomes of runs, by run id. Entries are kept as long as turns.</summary>
public interface IToolRunStore
{
    /// <summary>All entries of the run in the order of writing. If a name occurs more than once, its last entry counts.</summary>
    Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Adds an entry, which survives the process once this method returns. Safe to call concurrently.</summary>
    Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a run, if there is one.</summary>
    Task RemoveAsync(string runId, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the runs whose last entry is older than <paramref name="age"/> by the store's own clock. A run that can't be removed does not keep others from being
    /// removed; the first such failure is thrown at the end.
    /// </summary>
    Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken);
}

/// <summary>The result of a step as JSON or, without a step's name, the outcome of the run.</summary>
public sealed record ToolRunEntry(string? Step, RawJson? Value, ToolRunOutcome? Outcome);
