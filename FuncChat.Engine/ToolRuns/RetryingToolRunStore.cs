using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns;

/// <summary>Waits out an outage of the store: a run that has paid for its steps does not fail because one can't be stored at the moment.</summary>
internal sealed partial class RetryingToolRunStore(IToolRunStore store, TimeProvider time, ILogger logger)
{
    /// <summary>How long an outage may last.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    internal static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    /// <exception cref="ToolRunStoreException">The store failed for all that time.</exception>
    public async Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        IReadOnlyList<ToolRunEntry> entries = [];
        await RetryAsync(runId, async () => entries = await store.ReadAsync(runId, cancellationToken), cancellationToken);
        return entries;
    }

    /// <exception cref="ToolRunStoreException">The store failed for all that time.</exception>
    public Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken) =>
        RetryAsync(runId, () => store.AppendAsync(runId, entry, cancellationToken), cancellationToken);

    private async Task RetryAsync(string runId, Func<Task> request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                await request();
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (time.GetElapsedTime(started) >= Patience)
                    throw new ToolRunStoreException($"The tool run store failed for {Patience}.", e);
                if (delay == FirstDelay)
                    LogFailing(runId, e);
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    [LoggerMessage(202, LogLevel.Warning, "Run {RunId} waits for the tool run store, which failed")]
    private partial void LogFailing(string runId, Exception exception);
}
