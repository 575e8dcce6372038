using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Store;

/// <summary>Removes the temporary files that killed processes have left in the data folder, once a day.</summary>
internal sealed partial class TemporaryFileUpkeep(string dataPath, TimeProvider time, ILogger<TemporaryFileUpkeep> logger) : ExpiryService(TimeSpan.FromDays(1), time)
{
    private readonly DailyWork _work = new();
    private readonly TimeProvider _time = time;

    internal override Task RemoveExpiredAsync(CancellationToken cancellationToken) => _work.RunAsync(
        _time.GetUtcNow(), () => DiskThreads.RunAsync(() => TemporaryFiles.RemoveLeft(Path.GetFullPath(dataPath), cancellationToken), cancellationToken), cancellationToken);

    [LoggerMessage(1702, LogLevel.Error, "Temporary files could not be removed. The removal will be retried")]
    protected override partial void LogFailed(Exception exception);
}
