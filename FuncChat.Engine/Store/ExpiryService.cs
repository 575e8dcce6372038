using Microsoft.Extensions.Hosting;

namespace FuncChat.Engine.Store;

/// <summary>Removes what has expired, several times in its retention, while the host runs, and soon after its start. A removal that fails is retried.</summary>
internal abstract class ExpiryService(TimeSpan retention, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    // A host may never run for an hour: on Azure, an instance without requests ends after some minutes. Its start must not become slower.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    /// <summary>Removes what has expired by now.</summary>
    internal abstract Task RemoveExpiredAsync(CancellationToken cancellationToken);

    protected abstract void LogFailed(Exception exception);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromTicks(Math.Min(LongestInterval.Ticks, retention.Ticks / 4));
        using var timer = new PeriodicTimer(interval < LongestStart ? interval : LongestStart, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                timer.Period = interval;
                await TryRemoveExpiredAsync(stoppingToken);
            }
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
            LogFailed(e);
        }
    }
}
