using FuncChat.Engine.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Engine.Approvals;

/// <summary>Keeps the turns that wait for approvals in a folder: `approvals/{user's hash}.{turn id}.json`.</summary>
public sealed partial class FileWaitingTurnStore(string dataPath, ILogger<FileWaitingTurnStore>? logger = null) : IWaitingTurnStore
{
    private readonly ILogger _logger = logger ?? NullLogger<FileWaitingTurnStore>.Instance;
    private readonly DamageReports _damages = new();
    private readonly string _folder = Path.Combine(Path.GetFullPath(dataPath), "approvals");

    public Task AddAsync(TurnKey key, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => PrivateFiles.Replace(PathOf(key), WaitingTurnName.Write(key)), cancellationToken);

    public Task RemoveAsync(TurnKey key, CancellationToken cancellationToken) => DiskThreads.RunAsync(() => PrivateFiles.Delete(PathOf(key)), cancellationToken);

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => FileExpiry.Remove(_folder, "*.json", age, "expired turns of the approvals", cancellationToken), cancellationToken);

    public Task<WaitingTurnPage> ListAsync(string? user, string? after, int limit, CancellationToken cancellationToken) => DiskThreads.RunAsync(
        () =>
        {
            if (!Directory.Exists(_folder))
                return new WaitingTurnPage([], null);
            var names = Directory.EnumerateFiles(_folder, $"{(user is null ? "" : WaitingTurnName.PrefixOf(user))}*.json").Select(path => Path.GetFileName(path))
                .Where(name => string.CompareOrdinal(name, after) > 0)
                .Order(StringComparer.Ordinal)
                .Take(limit + 1).ToList();
            var page = names.Take(limit).Select(Read).OfType<TurnKey>().ToList();
            return new WaitingTurnPage(page, names.Count > limit ? names[limit - 1] : null);
        },
        cancellationToken);

    // Null if it was removed meanwhile, is damaged, or can't be read at the moment, which keeps no other from being listed.
    private TurnKey? Read(string name)
    {
        try
        {
            return PrivateFiles.TryRead(Path.Combine(_folder, name)) is { } json ? WaitingTurnName.TryRead(name, json) : null;
        }
        catch (Exception e) when (PrivateFiles.IsUnreadable(e))
        {
            if (_damages.IsFirst(name))
                LogUnreadable(name, e);
            return null;
        }
    }

    private string PathOf(TurnKey key) => Path.Combine(_folder, WaitingTurnName.Of(key));

    [LoggerMessage(1703, LogLevel.Error, "The turn {Name} can't be read and is not listed among the approvals. This is logged once")]
    private partial void LogUnreadable(string name, Exception exception);
}
