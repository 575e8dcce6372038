namespace FuncChat.Engine.ToolRuns;

/// <summary>The port to where tools run. A turn never asks where that is.</summary>
public interface IToolRunner
{
    /// <summary>
    /// Starts the run, unless a run of this id was started before, and watches it: snapshots as it goes, each telling the whole state, at least
    /// one, the last with the outcome. A watcher may miss snapshots, but never the outcome. To stop watching does not stop the run.
    /// A tool's failure is an outcome; an exception means that the run could not be watched.
    /// </summary>
    IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, CancellationToken cancellationToken);

    /// <summary>Stops the run; it ends with an outcome that says so. Does nothing where no such run is under way.</summary>
    Task CancelAsync(string runId, CancellationToken cancellationToken);
}
