using FuncChat.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Threads;

/// <summary>Deletes threads that have expired, and completes deletions that were interrupted.</summary>
internal sealed partial class ThreadUpkeep(
    ThreadStorage threads, ThreadRemoval removal, IServiceScopeFactory scopes, IOptions<ThreadOptions> options, TimeProvider time, ILogger<ThreadUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    private TimeSpan Interval => TimeSpan.FromTicks(Math.Min(LongestInterval.Ticks, options.Value.Retention.Ticks / 4));

    /// <summary>Deletes what has expired by now.</summary>
    internal async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var unchangedSince = time.GetUtcNow() - options.Value.Retention;
        await foreach (var thread in threads.ListExpiredAsync(unchangedSince, cancellationToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await removal.RemoveAsync(
                    scope.ServiceProvider.GetRequiredService<TurnService>(), thread.Key,
                    known => known.UpdatedAt < unchangedSince ? null : ThreadErrors.Changed, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotRemoved(thread.Id, e);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryRemoveExpiredAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryRemoveExpiredAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RemoveExpiredAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUpkeepFailed(e);
        }
    }

    [LoggerMessage(1503, LogLevel.Error, "Thread {ThreadId} has expired, but could not be deleted. The deletion will be retried")]
    private partial void LogNotRemoved(string threadId, Exception exception);

    [LoggerMessage(1504, LogLevel.Error, "Expired threads could not be deleted. The deletion will be retried")]
    private partial void LogUpkeepFailed(Exception exception);
}
