using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>
/// What goes on beside the turns: stops those that another instance was asked to stop, removes old ones, and lets all go when the host stops.
/// </summary>
internal sealed partial class TurnUpkeep(
    TurnRuntime turns, ITurnStore log, IEnumerable<IToolRunStore> journals, IHostApplicationLifetime lifetime, IOptions<TurnOptions> options,
    TimeProvider time, ILogger<TurnUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan StopInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRemovalInterval = TimeSpan.FromMinutes(15);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await turns.DrainAsync();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before the web server waits for its streams to end: they do when their turns leave.
        using var stopping = lifetime.ApplicationStopping.Register(() => _ = turns.DrainAsync());
        await Task.WhenAll(
            RepeatAsync(StopInterval, StopRequestedAsync, stoppingToken),
            RepeatAsync(RemovalInterval, RemoveOldAsync, stoppingToken));
    }

    private TimeSpan RemovalInterval => TimeSpan.FromTicks(Math.Min(LongestRemovalInterval.Ticks, options.Value.Retention.Ticks / 4));

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                try
                {
                    await work(cancellationToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogUpkeepFailed(e);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    // All at once: a log may answer those that ask together by one request.
    private Task StopRequestedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(turns.Live.All.Select(turn => StopRequestedAsync(turn.Value, cancellationToken)));

    private static async Task StopRequestedAsync(RunningTurn turn, CancellationToken cancellationToken)
    {
        if (await turn.IsStopRequestedAsync(cancellationToken))
            turn.Stop(TurnErrors.Stopped);
    }

    private async Task RemoveOldAsync(CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - options.Value.Retention;
        await log.RemoveOlderThanAsync(oldest, cancellationToken);
        foreach (var journal in journals)
            await journal.RemoveOlderThanAsync(oldest, cancellationToken);
    }

    [LoggerMessage(111, LogLevel.Error, "Upkeep of turns failed; it is tried again")]
    private partial void LogUpkeepFailed(Exception exception);
}
