using Microsoft.Win32.SafeHandles;

namespace FuncChat.Engine.Store;

/// <summary>Reads a turn's file.</summary>
internal sealed class FileTurnReader(string path, FileLog log, SafeFileHandle handle, TimeProvider time) : ITurnReader
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private bool _isRemoved;

    public long HeaderLength => log.HeaderLength;

    public long Length => log.Length;

    /// <summary>Opens a turn's file; null if it does not exist, or its header is not whole.</summary>
    public static FileTurnReader? TryOpen(string path, TimeProvider time)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (PrivateFiles.IsNoFile(path, e))
        {
            throw new TurnStoreException(TurnStoreFailure.Damaged, "A stored turn is no file.", e);
        }

        FileTurnReader? reader = null;
        try
        {
            var log = new FileLog(handle);
            return reader = log.TryFindHeader() ? new FileTurnReader(path, log, handle, time) : null;
        }
        finally
        {
            if (reader is null)
                handle.Dispose();
        }
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(CancellationToken cancellationToken) =>
        new(DiskThreads.RunShortAsync(() => log.ReadHeaderAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult(), cancellationToken));

    public ValueTask<EventPage> ReadAsync(long afterId, CancellationToken cancellationToken) => new(DiskThreads.RunShortAsync(
        () =>
        {
            var page = log.Read(afterId);

            // The open handle still reads a file that was removed.
            _isRemoved = page.IsEmpty && !File.Exists(path);
            return page;
        },
        cancellationToken));

    public Task WaitAsync(CancellationToken cancellationToken) =>
        _isRemoved ? throw new FileNotFoundException("The turn was removed.") : Task.Delay(PollInterval, time, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await log.DisposeAsync();
        handle.Dispose();
    }
}

/// <summary>A turn's file as a log. Its reads complete at once: they may block.</summary>
internal sealed class FileLog(SafeFileHandle handle) : LogReader
{
    protected override long KnownLength => RandomAccess.GetLength(handle);

    public bool TryFindHeader() => TryFindHeaderAsync(CancellationToken.None).GetAwaiter().GetResult();

    public EventPage Read(long afterId) => ReadAsync(afterId, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>Finds where the last whole event ends, and its id; 0 if not even the header is whole.</summary>
    public (long Length, long LastId) FindEnd() => TryFindHeader() ? (Read(long.MaxValue), Position) is var (end, length) ? (length, end.LastId) : default : default;

    public override Task WaitAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        new(RandomAccess.Read(handle, buffer.Span, offset));
}
