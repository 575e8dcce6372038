using System.Collections.Concurrent;
using System.Text;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Background;

/// <summary>
/// Runs turns in the background of this process. Each is recorded in a file of the data folder until it ends: after a crash, the next process that has the folder
/// continues it.
/// </summary>
internal sealed partial class LocalBackgroundTurns(
    string dataPath, IServiceScopeFactory scopes, TimeProvider time, ILogger<LocalBackgroundTurns> logger) : BackgroundService, IBackgroundTurns
{
    // A turn of another process that crashed, or one whose store was unavailable, continues after this time.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly string _folder = Path.Combine(Path.GetFullPath(dataPath), "background");
    private readonly ConcurrentDictionary<TurnKey, bool> _running = new();
    private readonly CancellationTokenSource _stopping = new();

    public async Task ScheduleAsync(TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            await DiskThreads.RunAsync(() => Write(key), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TurnStoreException(TurnStoreFailure.Unavailable, "A turn could not be recorded: " + e.Message, e);
        }

        Start(key);
    }

    public override void Dispose()
    {
        base.Dispose(); // cancels _stopping
        _stopping.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = stoppingToken.Register(_stopping.Cancel);
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                foreach (var key in await ListAsync(stoppingToken))
                    Start(key);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Start(TurnKey key)
    {
        if (_running.TryAdd(key, true))
            _ = RunAsync(key);
    }

    private async Task RunAsync(TurnKey key)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await BackgroundTurnRun.RunAsync(scope.ServiceProvider.GetRequiredService<TurnService>(), key, _stopping.Token) == TurnStatus.Ended)
                await RemoveAsync(key);
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // Another attempt would find it as it is.
            await RemoveAsync(key);
            LogDamaged(key.TurnId, e);
        }
        catch (Exception e)
        {
            // It is tried again.
            if (!_stopping.IsCancellationRequested)
                LogFailed(key.TurnId, e);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private async Task<IReadOnlyList<TurnKey>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await DiskThreads.RunAsync(List, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotListed(e);
            return [];
        }
    }

    private List<TurnKey> List()
    {
        var keys = new List<TurnKey>();
        if (!Directory.Exists(_folder))
            return keys;
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            var text = Read(path);
            var end = text.IndexOf('\n', StringComparison.Ordinal);

            // A file that a crash cut off is of a turn whose request was never answered.
            if (end > 0 && TurnKey.IsTurnId(text[..end]))
                keys.Add(new TurnKey(text[(end + 1)..], text[..end]));
        }

        return keys;
    }

    private Task RemoveAsync(TurnKey key) => DiskThreads.RunAsync(() => File.Delete(PathOf(key)), CancellationToken.None);

    // One file that can't be read keeps no other turn from continuing.
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private void Write(TurnKey key)
    {
        PrivateFiles.CreateFolder(_folder);
        using var file = PrivateFiles.Open(PathOf(key), FileMode.Create, FileAccess.Write, FileShare.Read);
        file.Write(Encoding.UTF8.GetBytes($"{key.TurnId}\n{key.User}"));
    }

    private string PathOf(TurnKey key) => Path.Combine(_folder, $"{UserHash.Of(key.User)}-{key.TurnId}");

    [LoggerMessage(112, LogLevel.Error, "Turn {TurnId} could not run in the background, and is tried again")]
    private partial void LogFailed(string turnId, Exception exception);

    [LoggerMessage(115, LogLevel.Error, "Turn {TurnId} can't run in the background")]
    private partial void LogDamaged(string turnId, Exception exception);

    [LoggerMessage(113, LogLevel.Error, "The turns in the background could not be listed")]
    private partial void LogNotListed(Exception exception);
}
