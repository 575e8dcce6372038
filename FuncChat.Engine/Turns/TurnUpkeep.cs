using FuncChat.Engine.Approvals;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>Works in the background: delivers signals to running turns, removes expired ones, and drains all when the host stops.</summary>
internal sealed partial class TurnUpkeep(
    TurnRuntime turns, TurnStorage storage, IEnumerable<IToolRunStore> toolRuns, ApprovalQueue approvals, IHostApplicationLifetime lifetime, IOptions<TurnOptions> options,
    TimeProvider time, ILogger<TurnUpkeep> logger, IDoneWork? shared = null) : BackgroundService
{
    private static readonly TimeSpan SignalInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRemovalInterval = TimeSpan.FromMinutes(15);

    // Its name among the work that instances share.
    private const string RemovalWork = "turns";

    private bool _signalsFail;

    private TimeSpan RemovalInterval => TimeSpan.FromTicks(Math.Min(LongestRemovalInterval.Ticks, options.Value.Retention.Ticks / 4));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await turns.DrainAsync();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before the web server waits for its streams to end: they end when their turns are handed over.
        using var stopping = lifetime.ApplicationStopping.Register(() => _ = turns.DrainAsync());
        await Task.WhenAll(
            RepeatAsync(SignalInterval, ReceiveSignalsAsync, stoppingToken),
            RepeatAsync(RemovalInterval, RemoveExpiredAsync, stoppingToken));
    }

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
                await TryAsync(work, cancellationToken);
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUpkeepFailed(e);
            return false;
        }
    }

    // All at once: a store may answer turns that ask together by one request. An outage is logged once and not every two seconds.
    internal async Task ReceiveSignalsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(turns.Live.All.Select(turn => turn.Value.ReceiveSignalsAsync(cancellationToken)));
            _signalsFail = false;
        }
        catch (Exception) when (_signalsFail && !cancellationToken.IsCancellationRequested)
        {
            // Logged already.
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            _signalsFail = true;
            throw;
        }
    }

    // What can't be removed in one place keeps nothing from being removed in another. All that is stored is listed: one of the instances that share a store does it.
    internal async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        if (shared is not null && await shared.FindAgeAsync(RemovalWork, cancellationToken) is { } age && age < RemovalInterval * 0.9)
            return;
        var succeeded = await TryAsync(token => storage.RemoveOlderThanAsync(options.Value.Retention, token), cancellationToken);
        succeeded &= await TryAsync(token => approvals.RemoveOlderThanAsync(options.Value.Retention, token), cancellationToken);
        foreach (var store in toolRuns)
            succeeded &= await TryAsync(token => store.RemoveOlderThanAsync(options.Value.Retention, token), cancellationToken);
        if (succeeded && shared is not null)
            await shared.RecordAsync(RemovalWork, cancellationToken);
    }

    [LoggerMessage(111, LogLevel.Error, "Upkeep of turns failed and will be retried")]
    private partial void LogUpkeepFailed(Exception exception);
}
