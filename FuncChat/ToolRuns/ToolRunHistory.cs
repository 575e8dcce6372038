using FuncChat.Engine.Turns;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.ToolRuns;

/// <summary>
/// Removes what Durable stores of ended tool runs (arguments, results and progress), and of turns that ran in the background, once no turn can ask for it any
/// more. Durable itself removes nothing. Several instances may do so at the same time.
/// </summary>
public sealed partial class ToolRunHistory(IOptions<TurnOptions> options, TimeProvider time, ILogger<ToolRunHistory> logger)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>
    /// Removes old runs while an activity works, since only activities add to the history, and a client is available there. The host finishes a removal even if
    /// the activity ends first.
    /// </summary>
    internal async Task<T> TrimWhileAsync<T>(DurableTaskClient client, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var trimming = TrimAsync(client, ended.Token);
        try
        {
            return await work();
        }
        finally
        {
            await ended.CancelAsync();
            await trimming;
        }
    }

    /// <summary>Removes old runs, at most once an hour. Never throws: a failure is logged, and the next hour retries.</summary>
    public async Task TrimAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!IsDue(now))
            return;
        try
        {
            // A turn is kept from its last event on, which may be as long after the run's start as a turn may last.
            var oldest = now - options.Value.Retention - options.Value.MaxDuration;

            // The host's extension requires a filter with a start time.
            var removed = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(DateTimeOffset.UnixEpoch, oldest, Ended), cancellationToken);
            if (removed.PurgedInstanceCount > 0)
                LogRemoved(removed.PurgedInstanceCount);
        }
        catch (Exception e)
        {
            if (!cancellationToken.IsCancellationRequested)
                LogNotRemoved(e);
        }
    }

    private bool IsDue(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (now < _next)
                return false;
            _next = now + Interval;
            return true;
        }
    }

    [LoggerMessage(601, LogLevel.Information, "Removed {Count} old tool runs from Durable's history")]
    private partial void LogRemoved(int count);

    [LoggerMessage(602, LogLevel.Warning, "Old tool runs could not be removed from Durable's history; retrying in an hour")]
    private partial void LogNotRemoved(Exception exception);
}
