using FuncChat.Engine.Threads;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Files;

/// <summary>Removes files that have expired: those of no thread, and those of a thread that does not exist.</summary>
internal sealed partial class FileUpkeep(FileStorage files, ThreadStorage threads, IOptions<FileLimits> limits, TimeProvider time, ILogger<FileUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    // An upload stores its document last.
    private static readonly TimeSpan LongestUpload = TimeSpan.FromHours(1);

    /// <summary>Removes what has expired by now.</summary>
    internal async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await foreach (var file in files.ListCreatedBeforeAsync(now - limits.Value.Retention, cancellationToken))
        {
            if (file.ThreadId is { } thread && ThreadKey.IsThreadId(thread)
                && await threads.ReadDeletedAsync(new ThreadKey(file.User, thread), cancellationToken) is not null)
                continue;
            await files.DeleteAsync(file.Key, cancellationToken);
        }

        await files.RemoveRemainsAsync(now - LongestUpload, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromTicks(Math.Min(LongestInterval.Ticks, limits.Value.Retention.Ticks / 4)), time);
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
            LogNotRemoved(e);
        }
    }

    [LoggerMessage(1601, LogLevel.Error, "Expired files could not be removed. The removal will be retried")]
    private partial void LogNotRemoved(Exception exception);
}
