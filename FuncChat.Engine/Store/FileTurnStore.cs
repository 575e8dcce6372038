namespace FuncChat.Engine.Store;

/// <summary>Keeps turns in files. Any number of processes may share the folder.</summary>
public sealed class FileTurnStore : ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
{
    private const int MaxFolderAttempts = 3;

    private readonly TimeProvider _time;

    /// <param name="dataPath">The data folder. It is created when it is first needed.</param>
    public FileTurnStore(string dataPath, TimeProvider? time = null)
    {
        Root = Path.Combine(Path.GetFullPath(dataPath), "turns");
        _time = time ?? TimeProvider.System;
    }

    public bool IsWriteBehind => false;

    internal string Root { get; }

    /// <summary>Returns the free bytes of the disk that a folder is on.</summary>
    internal Func<string, long> FreeBytes { get; init; } = FileStoreProbe.FreeBytes;

    public Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        var paths = PathsOf(key);
        return DiskThreads.RunShortAsync<ITurnWriter?>(() => Create(paths, header), cancellationToken);
    }

    public Task<ITurnWriter?> TryAcquireAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var paths = PathsOf(key);
        return DiskThreads.RunShortAsync<ITurnWriter?>(() => File.Exists(paths.Log) ? FileTurnWriter.TryOpen(paths, header: null) : null, cancellationToken);
    }

    public Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var paths = PathsOf(key);
        return DiskThreads.RunShortAsync<ITurnReader?>(() => FileTurnReader.TryOpen(paths.Log, _time), cancellationToken);
    }

    public Task SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken) =>
        FileTurnInbox.SendAsync(PathsOf(key), signal, _time, cancellationToken);

    public ITurnInbox Open(TurnKey key) => new FileTurnInbox(PathsOf(key), _time);

    public Task MarkFollowedAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var paths = PathsOf(key);
        return DiskThreads.RunAsync(
            () =>
            {
                if (!File.Exists(paths.Log))
                    return;

                // Its length changes with each mark: times may be too coarse to.
                using var mark = PrivateFiles.Open(paths.Followed, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                mark.Write("."u8);
            },
            cancellationToken);
    }

    public Task<string?> FollowedMarkAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var mark = new FileInfo(PathsOf(key).Followed);
        return DiskThreads.RunShortAsync(() => mark.Exists ? $"{mark.Length}/{mark.LastWriteTimeUtc.Ticks}" : null, cancellationToken);
    }

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => FileTurnExpiry.Remove(Root, age, cancellationToken), cancellationToken);

    public Task<bool> RemoveAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var paths = PathsOf(key);
        return DiskThreads.RunAsync(() => FileTurnExpiry.Remove(paths), cancellationToken);
    }

    public Task CheckAsync(CancellationToken cancellationToken) => DiskThreads.RunAsync(() => FileStoreProbe.Check(Root, FreeBytes), cancellationToken);

    private FileTurnWriter? Create(FileTurnPaths paths, ReadOnlyMemory<byte> header)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A turn that exists is followed, even on a full disk.
                if (!FileStoreProbe.HasSpace(Root, FreeBytes) && !File.Exists(paths.Log))
                    throw FileStoreProbe.AlmostFull();
                return FileTurnWriter.TryOpen(paths, header);
            }
            catch (IOException e) when (e is DirectoryNotFoundException or DriveNotFoundException && attempt < MaxFolderAttempts)
            {
                // The user's first turn, or the folder was empty and has just been removed.
                PrivateFiles.CreateFolder(paths.Folder);
            }
        }
    }

    internal FileTurnPaths PathsOf(TurnKey key) => FileTurnPaths.Of(Root, key);
}
