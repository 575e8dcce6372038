using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>Executes, in this process, a run that a turn elsewhere watches: reports its progress, and cancels it if it was stopped.</summary>
/// <param name="runner">Runs the tool. It stores the run's steps, so that another attempt resumes after the last one.</param>
public sealed partial class RemoteToolRunWork(IToolRunner runner, TimeProvider time, ILogger<RemoteToolRunWork> logger)
{
    /// <summary>An outcome with more characters than this is only in the <see cref="IToolRunStore"/>.</summary>
    internal const int MaxInlineContent = 16_000;

    internal static readonly TimeSpan StopInterval = TimeSpan.FromSeconds(4);

    /// <summary>Executes the run. A tool's failure is an outcome; an exception means that the run should be attempted again.</summary>
    public async Task<ToolRunSnapshot> ExecuteAsync(ToolRunSpec spec, IRemoteToolRuns runs, CancellationToken cancellationToken)
    {
        var earlier = await runs.FindAsync(spec.RunId, cancellationToken);
        if (earlier?.Outcome is not null)
            return earlier;

        // The model events of an earlier attempt keep their places, and the numbering of model calls continues.
        var state = earlier is { ModelEvents.Count: > 0 } ? earlier : new ToolRunSnapshot(ToolRunStatus.Executing) { ModelEventsSkipped = spec.ModelEventsSeen };
        var result = await RunToEndAsync(spec, state, runs, cancellationToken);

        // A watcher finds it here before the run's orchestration has ended.
        await ReportAsync(spec.RunId, result with { Status = ToolRunStatus.Ended }, runs, cancellationToken);
        return result;
    }

    private async Task<ToolRunSnapshot> RunToEndAsync(ToolRunSpec spec, ToolRunSnapshot state, IRemoteToolRuns runs, CancellationToken cancellationToken)
    {
        var calls = state.ModelEvents.Select(call => call.Iteration).DefaultIfEmpty(spec.ModelCallsMade).Max();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reported = long.MinValue;
        var reports = new ThrottledProgress(
            async snapshot =>
            {
                var at = time.GetTimestamp();
                if (await ReportAsync(spec.RunId, snapshot, runs, ended.Token) is not { } accepted)
                    return;
                Volatile.Write(ref reported, at);
                if (!accepted)
                    await runner.CancelAsync(spec.RunId, ended.Token);
            },
            time);

        // A report shows as well whether the run was stopped.
        var inParallel = Task.WhenAll(
            reports.SendAsync(ended.Token),
            CancelWhenStoppedAsync(spec.RunId, runs, () => Volatile.Read(ref reported) is > long.MinValue and var at && time.GetElapsedTime(at) < StopInterval, ended.Token));
        try
        {
            await foreach (var snapshot in runner.RunAsync(spec with { ModelEventsSeen = state.ModelEventsSeen, ModelCallsMade = calls }, cancellationToken))
            {
                state = snapshot with { ModelEvents = [.. state.ModelEvents, .. snapshot.ModelEvents], ModelEventsSkipped = state.ModelEventsSkipped };
                if (state.Outcome is { } outcome)
                    return outcome.Content.Length <= MaxInlineContent ? state : state with { Outcome = null };
                reports.Offer(state);
            }

            throw new InvalidOperationException($"Run {spec.RunId} ended without an outcome.");
        }
        finally
        {
            await ended.CancelAsync();
            await inParallel;
        }
    }

    // A lost report is not worth a failure: the next one contains everything. Null if it was lost.
    private async Task<bool?> ReportAsync(string runId, ToolRunSnapshot snapshot, IRemoteToolRuns runs, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.ReportAsync(runId, snapshot, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotReported(runId, e);
            return null;
        }
    }

    private async Task CancelWhenStoppedAsync(string runId, IRemoteToolRuns runs, Func<bool> knows, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(StopInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (!knows() && await HasEndedAsync(runId, runs, cancellationToken))
                    await runner.CancelAsync(runId, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    private async Task<bool> HasEndedAsync(string runId, IRemoteToolRuns runs, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.FindAsync(runId, cancellationToken) is { Status: ToolRunStatus.Ended };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogStopUnknown(runId, e);
            return false;
        }
    }

    [LoggerMessage(212, LogLevel.Warning, "The progress of run {RunId} could not be reported")]
    private partial void LogNotReported(string runId, Exception exception);

    [LoggerMessage(213, LogLevel.Warning, "Could not look up whether run {RunId} was stopped; retrying")]
    private partial void LogStopUnknown(string runId, Exception exception);
}
