using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>
/// Carries out, in this process, a run that is watched from elsewhere: tells how far it is, and stops it when it was stopped there.
/// </summary>
/// <param name="runner">Runs the tool. It keeps a journal, so that a run which was cut off goes on where it was.</param>
public sealed partial class RemoteToolRunWork(IToolRunner runner, TimeProvider time, ILogger<RemoteToolRunWork> logger)
{
    /// <summary>A result with more characters than this stays in the journal.</summary>
    internal const int MaxInlineContent = 16_000;

    internal static readonly TimeSpan StopInterval = TimeSpan.FromSeconds(2);

    /// <summary>Carries the run out. A tool's failure is a result; an exception means that the run is to be tried again.</summary>
    public async Task<RemoteToolRunResult> ExecuteAsync(ToolRunSpec spec, IRemoteToolRuns runs, CancellationToken cancellationToken)
    {
        // Another instance may have begun: what it told of is not told again, and keeps its place.
        IReadOnlyList<ToolModelEvent> events = (await runs.FindAsync(spec.RunId, cancellationToken))?.Status?.ModelEvents ?? [];
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reports = new ThrottledProgress(status => ReportAsync(spec.RunId, status, runs, ended.Token), time);
        var beside = Task.WhenAll(reports.SendAsync(ended.Token), StopWhenToldAsync(spec.RunId, runs, ended.Token));
        try
        {
            var calls = events.Select(call => call.Iteration).DefaultIfEmpty(spec.ModelCallsMade).Max();
            await foreach (var snapshot in runner.RunAsync(spec with { ModelCallsMade = calls }, cancellationToken))
            {
                events = [.. events, .. snapshot.ModelEvents];
                if (snapshot.Outcome is { } outcome)
                    return new RemoteToolRunResult(outcome.Content.Length <= MaxInlineContent ? outcome : null, events);
                reports.Offer(RemoteToolRunStatus.Of(snapshot, events));
            }

            throw new InvalidOperationException($"Run {spec.RunId} ended without an outcome.");
        }
        finally
        {
            await ended.CancelAsync();
            await beside;
        }
    }

    // Progress is worth no failure: the run goes on, and the next report tells everything again.
    private async Task ReportAsync(string runId, RemoteToolRunStatus status, IRemoteToolRuns runs, CancellationToken cancellationToken)
    {
        try
        {
            await runs.ReportAsync(runId, status, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotReported(runId, e);
        }
    }

    private async Task StopWhenToldAsync(string runId, IRemoteToolRuns runs, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(StopInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (await IsStoppedAsync(runId, runs, cancellationToken))
                    await runner.CancelAsync(runId, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    private async Task<bool> IsStoppedAsync(string runId, IRemoteToolRuns runs, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.FindAsync(runId, cancellationToken) is { Phase: RemoteToolRunPhase.Stopped };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogStopUnknown(runId, e);
            return false;
        }
    }

    [LoggerMessage(212, LogLevel.Warning, "Run {RunId}: its progress could not be told")]
    private partial void LogNotReported(string runId, Exception exception);

    [LoggerMessage(213, LogLevel.Warning, "Run {RunId}: whether it was stopped could not be looked up; it is tried again")]
    private partial void LogStopUnknown(string runId, Exception exception);
}
