using DurableTask.Core.Exceptions;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FuncChat.ToolRuns;

/// <summary>
/// Tool runs as Durable orchestrations (<see cref="ToolRunOrchestration"/>). Their progress is stored next to them, since reporting it to an orchestration costs
/// several times as many storage operations; Durable is asked now and then whether the run is still there.
/// </summary>
/// <param name="client">Bound to the invocation of a function, so each invocation has its own instance of this class.</param>
internal sealed class DurableToolRuns(DurableTaskClient client, IToolRunProgress progress, TimeProvider time) : IRemoteToolRuns
{
    /// <summary>How often a run is looked up in Durable while it is watched.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    private const int WriteAttempts = 3;

    // For one run at a time, apart from stops.
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);

    public async Task StartAsync(ToolRunSpec spec, CancellationToken cancellationToken)
    {
        // Without this check, the backend runs an ended orchestration with this id again.
        if (await GetAsync(spec.RunId, getInputsAndOutputs: false, cancellationToken) is not null)
            return;
        try
        {
            var options = new StartOrchestrationOptions(spec.RunId).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(ToolRunOrchestration), spec, options, cancellationToken);
            Watch(spec.RunId).Saw(new ToolRunSnapshot(ToolRunStatus.Queued), time.GetTimestamp());
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another request has started it in the meantime.
        }
    }

    public async Task<ToolRunSnapshot?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        var watched = Watch(runId);
        var stored = await ReadProgressAsync(runId, cancellationToken);
        watched.Version = stored?.Version;
        if (stored?.Snapshot.Status == ToolRunStatus.Ended)
            return stored.Snapshot;
        if (watched.Last is null || time.GetElapsedTime(watched.LookedAt) >= LookInterval)
        {
            // The custom status is only returned together with inputs and outputs.
            var run = await GetAsync(runId, getInputsAndOutputs: true, cancellationToken);
            watched.Saw(run is null ? null : SnapshotOf(run), time.GetTimestamp());
        }

        return watched.Last is { Status: not ToolRunStatus.Ended } ? stored?.Snapshot ?? watched.Last : watched.Last;
    }

    public async Task<bool> ReportAsync(string runId, ToolRunSnapshot snapshot, CancellationToken cancellationToken)
    {
        var watched = Watch(runId);
        for (var attempt = 1; attempt <= WriteAttempts; attempt++)
        {
            if (await TryWriteAsync(runId, snapshot, watched.Version, cancellationToken) is { } version)
            {
                watched.Version = version;
                return true;
            }

            // Durable has started the activity twice, or the run was stopped.
            var stored = await ReadProgressAsync(runId, cancellationToken);
            if (stored?.Snapshot.Status == ToolRunStatus.Ended)
                return false;
            watched.Version = stored?.Version;
        }

        return true;
    }

    public async Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        if (await GetAsync(runId, getInputsAndOutputs: false, cancellationToken) is not { IsCompleted: false })
            return;
        await client.TerminateInstanceAsync(runId, cancellationToken);

        // This does not interrupt the activity, which looks for it here.
        await ReportAsync(runId, new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = ToolRunOutcome.Stopped }, cancellationToken);
    }

    private static ToolRunSnapshot SnapshotOf(OrchestrationMetadata run)
    {
        // An earlier version reports the progress to the orchestration.
        var reported = run.SerializedCustomStatus is { Length: > 0 } json ? ProgressJson.Read(json) : null;
        reported ??= new ToolRunSnapshot(ToolRunStatus.Queued);
        return run.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Pending => reported with { Status = ToolRunStatus.Queued },
            OrchestrationRuntimeStatus.Completed when run.ReadOutputAs<ToolRunSnapshot>() is { } result => result with { Status = ToolRunStatus.Ended },

            // Durable gives up after its retries: the instances that tried could not run the tool.
            OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed =>
                reported with { Status = ToolRunStatus.Ended, Outcome = ToolRunOutcome.Crashed },
            OrchestrationRuntimeStatus.Terminated => reported with { Status = ToolRunStatus.Ended, Outcome = ToolRunOutcome.Stopped },
            _ => reported with { Status = ToolRunStatus.Executing },
        };
    }

    private async Task<OrchestrationMetadata?> GetAsync(string runId, bool getInputsAndOutputs, CancellationToken cancellationToken)
    {
        // A watched run is polled, and each poll has several spans: they would fill the turn's trace.
        using var unrecorded = SuppressedTracing.Begin();
        try
        {
            return await client.GetInstanceAsync(runId, getInputsAndOutputs, cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            // Unlike the client's other methods, this one does not translate the cancellation.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private async Task<StoredProgress?> ReadProgressAsync(string runId, CancellationToken cancellationToken)
    {
        using var unrecorded = SuppressedTracing.Begin();
        return await progress.ReadAsync(runId, cancellationToken);
    }

    private async Task<string?> TryWriteAsync(string runId, ToolRunSnapshot snapshot, string? version, CancellationToken cancellationToken)
    {
        using var unrecorded = SuppressedTracing.Begin();
        return await progress.TryWriteAsync(runId, snapshot, version, cancellationToken);
    }

    private Watched Watch(string runId)
    {
        lock (_watched)
        {
            if (!_watched.TryGetValue(runId, out var watched))
                _watched[runId] = watched = new Watched();
            return watched;
        }
    }

    private sealed class Watched
    {
        /// <summary>The run as Durable last returned it; null if it was not there.</summary>
        public ToolRunSnapshot? Last { get; private set; }

        public long LookedAt { get; private set; }

        /// <summary>The version of the stored progress.</summary>
        public string? Version { get; set; }

        public void Saw(ToolRunSnapshot? snapshot, long at) => (Last, LookedAt) = (snapshot, at);
    }
}
