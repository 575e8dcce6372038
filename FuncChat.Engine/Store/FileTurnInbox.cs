namespace FuncChat.Engine.Store;

/// <summary>The signals of a turn, as lines of its `.signals` file.</summary>
internal sealed class FileTurnInbox(FileTurnPaths paths, TimeProvider time) : ITurnInbox
{
    private static readonly TimeSpan LockRetryDelay = TimeSpan.FromMilliseconds(10);
    private const int MaxLockAttempts = 200;

    private long _read;
    private bool _olderStopRead;

    /// <summary>Appends a signal, if there is such a turn.</summary>
    public static async Task SendAsync(FileTurnPaths paths, TurnSignal signal, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; !await DiskThreads.RunShortAsync(() => TrySend(paths, signal, attempt == MaxLockAttempts), cancellationToken); attempt++)
            await Task.Delay(LockRetryDelay, time, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<TurnSignal>> ReadAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await DiskThreads.RunShortAsync(() => TryRead(attempt == MaxLockAttempts), cancellationToken) is { } signals)
                return signals;
            await Task.Delay(LockRetryDelay, time, cancellationToken);
        }
    }

    // Null if a request is sending a signal at this moment.
    private IReadOnlyList<TurnSignal>? TryRead(bool last)
    {
        var info = new FileInfo(paths.Signals);
        try
        {
            IReadOnlyList<TurnSignal> signals = info.Exists && info.Length > _read ? Read(info.Length) : [];
            return ReadOlderStop() ? [.. signals, new TurnSignal(TurnSignal.Stop)] : signals;
        }
        catch (IOException e) when (!last && PrivateFiles.IsLocked(e))
        {
            return null;
        }
    }

    // An instance of an earlier version stopped the turn.
    private bool ReadOlderStop() => !_olderStopRead && (_olderStopRead = File.Exists(paths.Stop));

    private IReadOnlyList<TurnSignal> Read(long length)
    {
        using var handle = File.OpenHandle(paths.Signals, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[length - _read];
        var whole = bytes.AsSpan(0, RandomAccess.Read(handle, bytes, _read));
        whole = whole[..(whole.LastIndexOf((byte)'\n') + 1)];
        _read += whole.Length;
        return TurnSignal.ParseLines(whole);
    }

    // False if another request is sending a signal at this moment.
    private static bool TrySend(FileTurnPaths paths, TurnSignal signal, bool last)
    {
        if (!File.Exists(paths.Log))
            return true;
        try
        {
            using (var file = PrivateFiles.Open(paths.Signals, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            {
                // A crash may have cut the last line off.
                RandomAccess.Write(file.SafeFileHandle, (byte[])[.. "\n"u8, .. signal.ToLine().Span], file.Length);
            }

            if (!File.Exists(paths.Log))
                File.Delete(paths.Signals); // The turn was removed meanwhile.
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true; // The turn was removed meanwhile.
        }
        catch (IOException e) when (!last && PrivateFiles.IsLocked(e))
        {
            return false;
        }
    }
}
