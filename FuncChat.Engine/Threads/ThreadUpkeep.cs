using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Threads;

/// <summary>Deletes threads that have expired, completes deletions that were interrupted, and removes links that no thread uses.</summary>
internal sealed partial class ThreadUpkeep(
    ThreadStorage threads, ThreadRemoval removal, IServiceScopeFactory scopes, IOptions<ThreadOptions> options, TimeProvider time, ILogger<ThreadUpkeep> logger)
    : ExpiryService(options.Value.Retention, time)
{
    // A link is written after its thread, which may then be removed, and created again, by requests that take some time.
    private static readonly TimeSpan LongestSharing = TimeSpan.FromHours(1);

    // Each link and its thread are read.
    private readonly DailyWork _shares = new("links", threads.DoneWork);
    private readonly TimeProvider _time = time;
    private readonly TimeSpan _retention = options.Value.Retention;

    internal override async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var removals = new Removals();
        await removals.TryAsync(() => RemoveExpiredThreadsAsync(cancellationToken), cancellationToken);
        await removals.TryAsync(() => _shares.RunAsync(_time.GetUtcNow(), () => RemoveUnusedSharesAsync(cancellationToken), cancellationToken), cancellationToken);
        removals.ThrowIfAnyFailed("expired threads, or links that no thread uses,");
    }

    private async Task RemoveExpiredThreadsAsync(CancellationToken cancellationToken)
    {
        var unchangedSince = await threads.NowAsync(cancellationToken) - _retention;
        await foreach (var thread in threads.ListExpiredAsync(unchangedSince, cancellationToken))
        {
            try
            {
                if (thread.IsDamaged)
                    LogDamaged(thread.Id);
                await using var scope = scopes.CreateAsyncScope();
                var turns = scope.ServiceProvider.GetRequiredService<TurnService>();
                if (thread.IsDeleted || thread.UpdatedAt < unchangedSince)
                    await removal.RemoveAsync(turns, thread.Key, known => known.UpdatedAt < unchangedSince ? null : ThreadErrors.Changed, cancellationToken);
                else
                    await removal.CompleteAsync(turns, thread, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotRemoved(thread.Id, e);
            }
        }
    }

    private async Task RemoveUnusedSharesAsync(CancellationToken cancellationToken)
    {
        var removals = new Removals();
        var now = await threads.NowAsync(cancellationToken);
        await foreach (var share in threads.ListSharesAsync(now - LongestSharing, cancellationToken))
            await removals.TryAsync(() => threads.RemoveUnusedShareAsync(share, cancellationToken), cancellationToken);
        removals.ThrowIfAnyFailed("links that no thread uses");
    }

    [LoggerMessage(1503, LogLevel.Error, "Thread {ThreadId} has expired, but could not be deleted. The deletion will be retried")]
    private partial void LogNotRemoved(string threadId, Exception exception);

    [LoggerMessage(1505, LogLevel.Warning, "Thread {ThreadId} is damaged, has expired, and is deleted")]
    private partial void LogDamaged(string threadId);

    [LoggerMessage(1504, LogLevel.Error, "Expired threads could not be deleted. The deletion will be retried")]
    protected override partial void LogFailed(Exception exception);
}
