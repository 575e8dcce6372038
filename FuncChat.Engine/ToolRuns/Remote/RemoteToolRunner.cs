using System.Diagnostics;
using System.Runtime.CompilerServices;
using FuncChat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>
/// Has any instance execute long runs, and polls their progress. Quick tools run in this process, where they end before a poll would find them. So do long
/// runs that can't be started elsewhere.
/// </summary>
/// <param name="local">Runs tools in this process, and stores the steps of long runs where other instances find them.</param>
/// <param name="store">Holds the outcomes that are too large for a snapshot.</param>
public sealed partial class RemoteToolRunner(
    IRemoteToolRuns runs, IToolRunner local, IToolRunStore store, TimeProvider time, ILogger<RemoteToolRunner> logger) : IToolRunner
{
    /// <summary>How long the store of the runs may be unreachable before a watch fails.</summary>
    internal static readonly TimeSpan OutagePatience = TimeSpan.FromMinutes(10);

    internal const int StartAttempts = 3;

    /// <summary>How often a run that was started may be missing before it counts as lost.</summary>
    internal const int MissingLooks = 10;

    private readonly RetryingToolRunStore _store = new(store, time, logger);

    public IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, CancellationToken cancellationToken) =>
        spec.LongRunning ? WatchAsync(spec, cancellationToken) : local.RunAsync(spec, cancellationToken);

    public bool ExecutesAtOnce(bool longRunning) => !longRunning && local.ExecutesAtOnce(longRunning);

    public async Task CancelAsync(string runId, CancellationToken cancellationToken)
    {
        await local.CancelAsync(runId, cancellationToken);
        await runs.StopAsync(runId, cancellationToken);
    }

    private async IAsyncEnumerable<ToolRunSnapshot> WatchAsync(ToolRunSpec spec, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var executing = false;
        if (await TryStartAsync(spec, cancellationToken))
        {
            var backoff = new PollingBackoff();
            ToolRunSnapshot? last = null;
            while (await FindAsync(spec.RunId, cancellationToken) is { } found)
            {
                var snapshot = found.After(spec.ModelEventsSeen);
                spec = spec with
                {
                    ModelEventsSeen = Math.Max(spec.ModelEventsSeen, snapshot.ModelEventsSeen),
                    ModelCallsMade = snapshot.ModelEvents.Select(call => call.Iteration).Append(spec.ModelCallsMade).Max(),
                };
                if (snapshot.Status == ToolRunStatus.Ended)
                {
                    // A run that ended before the first look is still reported as executing once.
                    if (!executing)
                        yield return new ToolRunSnapshot(ToolRunStatus.Executing);
                    yield return snapshot.Outcome is null ? snapshot with { Outcome = await StoredOutcomeAsync(spec.RunId, cancellationToken) } : snapshot;
                    yield break;
                }

                if (snapshot.ModelEvents.Count > 0 || !IsSameProgress(snapshot, last))
                    yield return last = snapshot;
                executing |= snapshot.Status == ToolRunStatus.Executing;
                await Task.Delay(backoff.Next(), time, cancellationToken);
            }
        }

        // The steps that another instance has stored do not run again.
        LogRunsHere(spec.RunId);
        await foreach (var snapshot in local.RunAsync(spec, cancellationToken))
            yield return snapshot;
    }

    private static bool IsSameProgress(ToolRunSnapshot snapshot, ToolRunSnapshot? last) =>
        last is not null && (snapshot.Status, snapshot.Message, snapshot.Completed, snapshot.Total)
            == (last.Status, last.Message, last.Completed, last.Total);

    private async Task<bool> TryStartAsync(ToolRunSpec spec, CancellationToken cancellationToken)
    {
        spec = spec with { TraceParent = EngineTelemetry.Spans.HasListeners() ? Activity.Current?.Id : null };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await runs.StartAsync(spec, cancellationToken);
                return true;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotStarted(spec.RunId, e);
                if (attempt == StartAttempts)
                    return false;
            }

            await Task.Delay(PollingBackoff.Longest, time, cancellationToken);
        }
    }

    /// <summary>The run's snapshot; null if it is lost. Waits out an outage.</summary>
    private async Task<ToolRunSnapshot?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        long? failingSince = null;
        for (var missing = 0; missing < MissingLooks;)
        {
            try
            {
                if (await runs.FindAsync(runId, cancellationToken) is { } found)
                    return found;

                // A run may appear some time after its start.
                missing++;
                failingSince = null;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (failingSince is null)
                    LogLookFailed(runId, e);
                failingSince ??= time.GetTimestamp();
                if (time.GetElapsedTime(failingSince.Value) >= OutagePatience)
                    throw;
            }

            await Task.Delay(PollingBackoff.Longest, time, cancellationToken);
        }

        return null;
    }

    private async Task<ToolRunOutcome> StoredOutcomeAsync(string runId, CancellationToken cancellationToken)
    {
        var entries = await _store.ReadAsync(runId, cancellationToken);
        return entries.LastOrDefault(entry => entry.Outcome is not null)?.Outcome ?? ToolRunOutcome.Failure("The tool's result was lost. Call the tool again.");
    }

    [LoggerMessage(211, LogLevel.Warning, "Run {RunId} can't be looked up; retrying")]
    private partial void LogLookFailed(string runId, Exception exception);

    [LoggerMessage(214, LogLevel.Warning, "Run {RunId} can't be started on another instance")]
    private partial void LogNotStarted(string runId, Exception exception);

    [LoggerMessage(215, LogLevel.Warning, "Run {RunId} runs in this process, since it can't be run elsewhere or was lost there")]
    private partial void LogRunsHere(string runId);
}
