namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>
/// Runs that any instance may execute, stored where all instances see them. A turn starts and watches a run through it (<see cref="RemoteToolRunner"/>); the
/// instance that executes the run reports its progress through it (<see cref="RemoteToolRunWork"/>).
/// </summary>
public interface IRemoteToolRuns
{
    /// <summary>Has an instance execute the run, unless a run with its id exists.</summary>
    Task StartAsync(ToolRunSpec spec, CancellationToken cancellationToken);

    /// <summary>The run's latest snapshot, with its model events from the first one that was reported; null if there is no such run.</summary>
    Task<ToolRunSnapshot?> FindAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Replaces the run's snapshot. Does nothing if the run has ended.</summary>
    /// <returns>False if the run has ended: it was stopped, or another attempt has completed it.</returns>
    Task<bool> ReportAsync(string runId, ToolRunSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Ends the run with <see cref="ToolRunOutcome.Stopped"/>. Does nothing if no such run is active.</summary>
    Task StopAsync(string runId, CancellationToken cancellationToken);
}
