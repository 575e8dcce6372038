using System.Diagnostics;
using System.Runtime.CompilerServices;
using FuncChat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>
/// Has long runs carried out by whichever instance is free, and polls how they stand. Quick tools run in this process, where they end before
/// a poll would see them begin.
/// </summary>
/// <param name="quick">Runs the tools that are not long-running.</param>
/// <param name="journal">Where long runs leave outcomes that are too large to be passed around.</param>
public sealed partial class RemoteToolRunner(
    IRemoteToolRuns runs, IToolRunner quick, IToolRunStore journal, TimeProvider time, ILogger<RemoteToolRunner> logger)
    : IToolRunner
{
    private const int MaxFailedLooks = 10;

    public IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, CancellationToken cancellationToken) =>
        spec.LongRunning ? WatchAsync(spec, cancellationToken) : quick.RunAsync(spec, cancellationToken);

    public async Task CancelAsync(string runId, CancellationToken cancellationToken)
    {
        await quick.CancelAsync(runId, cancellationToken);
        await runs.StopAsync(runId, cancellationToken);
    }

    private async IAsyncEnumerable<ToolRunSnapshot> WatchAsync(ToolRunSpec spec, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await runs.StartAsync(spec with { TraceParent = EngineTelemetry.Spans.HasListeners() ? Activity.Current?.Id : null }, cancellationToken);
        var pace = new PollingBackoff();
        var seen = spec.ModelEventsSeen;
        ToolRunSnapshot? last = null;
        while (true)
        {
            var state = await LookAsync(spec.RunId, cancellationToken);
            var events = state.Result?.ModelEvents ?? state.Status?.ModelEvents ?? [];
            var snapshot = SnapshotOf(state) with { ModelEvents = [.. events.Skip(seen)] };
            seen = Math.Max(seen, events.Count);
            if (state.Phase > RemoteToolRunPhase.Executing)
            {
                // A run may have ended before anybody looked: it is still seen to execute.
                if (last?.Status != ToolRunStatus.Executing)
                    yield return new ToolRunSnapshot(ToolRunStatus.Executing);
                yield return snapshot with { Status = ToolRunStatus.Ended, Outcome = await OutcomeAsync(spec.RunId, state, cancellationToken) };
                yield break;
            }

            var changed = snapshot.ModelEvents.Count > 0 || !SaysTheSame(snapshot, last);
            if (changed)
                yield return last = snapshot;
            await Task.Delay(pace.Next(changed), time, cancellationToken);
        }
    }

    private static ToolRunSnapshot SnapshotOf(RemoteToolRunState state) =>
        new(state.Phase == RemoteToolRunPhase.Queued ? ToolRunStatus.Queued : ToolRunStatus.Executing)
        {
            Message = state.Status?.Message,
            Completed = state.Status?.Completed,
            Total = state.Status?.Total,
        };

    private static bool SaysTheSame(ToolRunSnapshot snapshot, ToolRunSnapshot? last) =>
        last is not null && (snapshot.Status, snapshot.Message, snapshot.Completed, snapshot.Total)
            == (last.Status, last.Message, last.Completed, last.Total);

    // The store may be out of reach for a moment, or be slow to show what was just started.
    private async Task<RemoteToolRunState> LookAsync(string runId, CancellationToken cancellationToken)
    {
        for (var failed = 1; ; failed++)
        {
            try
            {
                if (await runs.FindAsync(runId, cancellationToken) is { } state)
                    return state;
                if (failed == MaxFailedLooks)
                    throw new InvalidOperationException($"Run {runId} was started, but is not there.");
            }
            catch (Exception e) when (failed < MaxFailedLooks && !cancellationToken.IsCancellationRequested)
            {
                LogLookFailed(runId, e);
            }

            await Task.Delay(PollingBackoff.Longest, time, cancellationToken);
        }
    }

    private async Task<ToolRunOutcome> OutcomeAsync(string runId, RemoteToolRunState state, CancellationToken cancellationToken)
    {
        switch (state.Phase)
        {
            case RemoteToolRunPhase.Stopped:
                return ToolRunOutcome.Stopped;
            case RemoteToolRunPhase.Broken:
                return ToolRunOutcome.Crashed;
        }

        if (state.Result?.Outcome is { } outcome)
            return outcome;
        var entries = await journal.ReadAsync(runId, cancellationToken);
        return entries.LastOrDefault(entry => entry.Outcome is not null)?.Outcome ?? ToolRunOutcome.Failure("The tool's result was lost.");
    }

    [LoggerMessage(211, LogLevel.Warning, "Run {RunId} could not be looked at; it is tried again")]
    private partial void LogLookFailed(string runId, Exception exception);
}
