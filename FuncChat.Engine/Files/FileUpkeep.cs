using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Files;

/// <summary>Removes files that have expired: those of no thread, and those of a thread that does not exist.</summary>
internal sealed partial class FileUpkeep(FileStorage files, ThreadStorage threads, IOptions<FileLimits> limits, TimeProvider time, ILogger<FileUpkeep> logger)
    : ExpiryService(limits.Value.Retention, time)
{
    // The thread of each is read. A thread that is deleted takes its files along, so these are what a crash has left.
    private readonly DailyWork _ofThreads = new("thread-files", threads.DoneWork);
    private readonly TimeProvider _time = time;
    private readonly TimeSpan _retention = limits.Value.Retention;

    // An upload stores its document last.
    private static readonly TimeSpan LongestUpload = TimeSpan.FromHours(1);

    internal override async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var now = await files.NowAsync(cancellationToken);
        var removals = new Removals();
        await removals.TryAsync(() => RemoveExpiredAsync(now - _retention, removals, cancellationToken), cancellationToken);
        await removals.TryAsync(
            () => _ofThreads.RunAsync(_time.GetUtcNow(), () => RemoveOfMissingThreadsAsync(now - _retention, cancellationToken), cancellationToken), cancellationToken);
        await removals.TryAsync(() => files.RemoveRemainsAsync(now - LongestUpload, now - _retention, cancellationToken), cancellationToken);
        removals.ThrowIfAnyFailed("expired files");
    }

    private async Task RemoveExpiredAsync(DateTimeOffset created, Removals removals, CancellationToken cancellationToken)
    {
        await foreach (var file in files.ListCreatedBeforeAsync(created, cancellationToken))
        {
            if (file.ThreadId is null)
                await removals.TryAsync(() => files.DeleteAsync(file.Key, cancellationToken), cancellationToken);
        }
    }

    private async Task RemoveOfMissingThreadsAsync(DateTimeOffset created, CancellationToken cancellationToken)
    {
        var removals = new Removals();
        await foreach (var file in files.ListCreatedBeforeAsync(created, cancellationToken))
        {
            if (file.ThreadId is null)
                continue;
            await removals.TryAsync(
                async () =>
                {
                    if (!await BelongsToThreadAsync(file, cancellationToken))
                        await files.DeleteAsync(file.Key, cancellationToken);
                },
                cancellationToken);
        }

        removals.ThrowIfAnyFailed("files of threads that do not exist");
    }

    // Also to one that is damaged.
    private async Task<bool> BelongsToThreadAsync(StoredFile file, CancellationToken cancellationToken) =>
        file.ThreadId is { } thread && ThreadKey.IsThreadId(thread)
        && await threads.ReadToRemoveAsync(new ThreadKey(file.User, thread), cancellationToken) is not null;

    [LoggerMessage(1601, LogLevel.Error, "Expired files could not be removed. The removal will be retried")]
    protected override partial void LogFailed(Exception exception);
}
