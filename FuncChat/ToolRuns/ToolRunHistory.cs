using FuncChat.Engine.Turns;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.ToolRuns;

/// <summary>
/// What Durable keeps of tool runs that have ended: their arguments, results and progress. Durable removes nothing by itself; here, what no turn can ask for
/// any more is removed. Several instances may do so at the same time.
/// </summary>
public sealed partial class ToolRunHistory(IOptions<TurnOptions> options, TimeProvider time, ILogger<ToolRunHistory> logger)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Removes what is old, unless that was done within the hour. A failure is no concern of the caller: it is logged, and tried again later.</summary>
    public async Task TrimAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!IsDue(now))
            return;
        try
        {
            // A turn is kept from its last event on, which may come as late after the run's start as a turn may take.
            var oldest = now - options.Value.Retention - options.Value.MaxDuration;

            // The host's extension takes no filter without a beginning.
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

    [LoggerMessage(602, LogLevel.Warning, "Old tool runs could not be removed from Durable's history; it is tried again in an hour")]
    private partial void LogNotRemoved(Exception exception);
}
