using Microsoft.Extensions.Hosting;

namespace FuncChat.Engine.Store;

/// <summary>Removes what has expired, several times in its retention, while the host runs. A removal that fails is retried.</summary>
internal abstract class ExpiryService(TimeSpan retention, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    /// <summary>Removes what has expired by now.</summary>
    internal abstract Task RemoveExpiredAsync(CancellationToken cancellationToken);

    protected abstract void LogFailed(Exception exception);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromTicks(Math.Min(LongestInterval.Ticks, retention.Ticks / 4)), time);
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
            LogFailed(e);
        }
    }
}
