namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>
/// Runs that any instance may carry out, kept where all instances see them. One who wants a run starts and watches it here
/// (<see cref="RemoteToolRunner"/>); the instance that carries it out tells here how far it is (<see cref="RemoteToolRunWork"/>).
/// </summary>
public interface IRemoteToolRuns
{
    /// <summary>Has the run carried out somewhere, unless a run of this id was started before.</summary>
    Task StartAsync(ToolRunSpec spec, CancellationToken cancellationToken);

    /// <summary>How the run stands; null where there is no such run.</summary>
    Task<RemoteToolRunState?> FindAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Replaces the run's status. Does nothing where the run has ended.</summary>
    Task ReportAsync(string runId, RemoteToolRunStatus status, CancellationToken cancellationToken);

    /// <summary>Ends the run as stopped. Does nothing where no such run is under way.</summary>
    Task StopAsync(string runId, CancellationToken cancellationToken);
}

public enum RemoteToolRunPhase
{
    Queued,
    Executing,
    Ended,

    /// <summary>Given up after its retries: the instances that tried could not carry it out.</summary>
    Broken,
    Stopped,
}

/// <summary>How a run stands.</summary>
/// <param name="Status">The last one reported, where one was.</param>
/// <param name="Result">Set when the run has ended.</param>
public sealed record RemoteToolRunState(RemoteToolRunPhase Phase, RemoteToolRunStatus? Status = null, RemoteToolRunResult? Result = null);

/// <summary>What a run gave.</summary>
/// <param name="Outcome">Null where it is too large to be passed around: then it is in the run's journal.</param>
/// <param name="ModelEvents">Every model event of the run, from its beginning.</param>
public sealed record RemoteToolRunResult(ToolRunOutcome? Outcome, IReadOnlyList<ToolModelEvent> ModelEvents);
