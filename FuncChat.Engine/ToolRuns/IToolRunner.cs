namespace FuncChat.Engine.ToolRuns;

/// <summary>Runs tools, in this process or elsewhere.</summary>
public interface IToolRunner
{
    /// <summary>
    /// Starts the run, unless a run with its id exists, and watches it. Yields at least one snapshot; the last one has the outcome. A watcher may miss
    /// snapshots, but never the outcome or a model event after <see cref="ToolRunSpec.ModelEventsSeen"/>. Cancellation ends the watch and not the run.
    /// A tool's failure is an outcome; an exception means that the run can't be started or watched.
    /// </summary>
    IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, CancellationToken cancellationToken);

    /// <summary>Whether a new run executes as soon as it is started, and its first snapshot says no more than that. If not, or not known, only snapshots tell.</summary>
    bool ExecutesAtOnce(bool longRunning) => false;

    /// <summary>Cancels the run, which then ends with <see cref="ToolRunOutcome.Stopped"/>. Does nothing if no such run is active.</summary>
    Task CancelAsync(string runId, CancellationToken cancellationToken);
}
