using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Azure.Usage;

/// <summary>Writes what is counted at an interval, and once more when all else has stopped; removes rows that nobody needs.</summary>
internal sealed partial class UsageSyncService(
    TableUsageCounter counter, UsageTable table, IOptions<UsageTableOptions> options, TimeProvider time, ILogger<UsageSyncService> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan RemovalInterval = TimeSpan.FromHours(1);

    // Clocks of instances differ, and an ended window costs nothing.
    private static readonly TimeSpan RemovalGrace = TimeSpan.FromHours(1);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Turns that are left when the host stops are counted until then.
    public Task StoppedAsync(CancellationToken cancellationToken) => counter.WriteAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SyncInterval, time);
        var removeAt = DateTimeOffset.MinValue;
        try
        {
            do
            {
                await counter.WriteAsync(stoppingToken);
                if (time.GetUtcNow() < removeAt)
                    continue;

                // The first time it also makes the connection, and gets the token, for which the first turn would wait.
                removeAt = time.GetUtcNow() + RemovalInterval;
                await RemoveEndedAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RemoveEndedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await table.RemoveEndedAsync(time.GetUtcNow() - RemovalGrace, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRemoved(e);
        }
    }

    [LoggerMessage(511, LogLevel.Information, "Old rows of the users' limits could not be removed; it is tried again in an hour")]
    private partial void LogNotRemoved(Exception exception);
}
