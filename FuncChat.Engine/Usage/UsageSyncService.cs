using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Usage;

/// <summary>Writes the counts at an interval and once more when everything else has stopped, and rolls up the records of past days.</summary>
internal sealed partial class UsageSyncService(
    SharedUsageCounter counter, IUsageStore store, UsageSyncOptions options, TimeProvider time, ILogger<UsageSyncService> logger)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>How long the last write may delay the end of the process.</summary>
    internal static readonly TimeSpan LastWriteTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RollupInterval = TimeSpan.FromHours(6);

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
        using var timer = new PeriodicTimer(options.WriteInterval, time);
        var rollUpAt = DateTimeOffset.MinValue;
        var rollingUp = Task.CompletedTask;
        try
        {
            do
            {
                await counter.WriteDueAsync(stoppingToken);
                if (time.GetUtcNow() < rollUpAt || !rollingUp.IsCompleted)
                    continue;

                // The first one also opens the connection and gets the token, so that the first turn does not wait for them. Of many accounts it takes minutes:
                // the counts are written meanwhile.
                rollUpAt = time.GetUtcNow() + RollupInterval;
                rollingUp = RollUpAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }

        await rollingUp;
    }

    private async Task RollUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await UsageRollup.RunAsync(store, time.GetUtcNow(), cancellationToken);
        }
        catch (Exception e)
        {
            if (!cancellationToken.IsCancellationRequested)
                LogNotRolledUp(e);
        }
    }

    [LoggerMessage(511, LogLevel.Information, "The usage counts of past days could not be rolled up; retrying in six hours")]
    private partial void LogNotRolledUp(Exception exception);

    [LoggerMessage(512, LogLevel.Warning, "The last usage counts could not be written before the process ended")]
    private partial void LogNotWritten();
}
