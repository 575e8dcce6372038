using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Azure.Usage;

/// <summary>Writes the counts at an interval and once more when everything else has stopped, and removes expired rows.</summary>
internal sealed partial class UsageSyncService(
    TableUsageCounter counter, UsageTable table, IOptions<UsageTableOptions> options, TimeProvider time, ILogger<UsageSyncService> logger)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>How long the last write may hold up the end of the process.</summary>
    internal static readonly TimeSpan LastWriteTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RemovalInterval = TimeSpan.FromHours(1);

    // The clocks of instances differ, and an expired row costs almost nothing.
    private static readonly TimeSpan RemovalGrace = TimeSpan.FromHours(1);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Turns count until they are drained, so this comes last. The Functions host kills its worker some seconds after it asks it to stop.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LastWriteTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await counter.WriteAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            LogNotWritten();
        }
    }

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

                // The first removal also opens the connection and gets the token, so that the first turn does not wait for them.
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

    [LoggerMessage(511, LogLevel.Information, "Expired rows of usage counts could not be removed; retrying in an hour")]
    private partial void LogNotRemoved(Exception exception);

    [LoggerMessage(512, LogLevel.Warning, "The last usage counts could not be written before the process ended")]
    private partial void LogNotWritten();
}
