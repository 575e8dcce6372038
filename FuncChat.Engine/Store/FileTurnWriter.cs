using Microsoft.Win32.SafeHandles;

namespace FuncChat.Engine.Store;

/// <summary>Appends to a turn's file. A write that returned is in the operating system's page cache, and outlives the process.</summary>
internal sealed class FileTurnWriter : ITurnWriter
{
    private readonly FileStream _file;
    private readonly SafeFileHandle _handle; // the stream's own property seeks each time
    private readonly FileLease _lease;
    private long _length;

    private FileTurnWriter(FileStream file, FileLease lease, long length, long lastEventId)
    {
        _file = file;
        _handle = file.SafeFileHandle;
        _lease = lease;
        _length = length;
        LastEventId = lastEventId;
    }

    public long LastEventId { get; private set; }

    /// <summary>Opens the turn's file, or creates it with the header. Returns null if it exists and <paramref name="header"/> is given, or doesn't and it isn't.</summary>
    public static FileTurnWriter? TryOpen(FileTurnPaths paths, ReadOnlyMemory<byte>? header)
    {
        if (FileLease.TryAcquire(paths.Lease) is not { } lease)
            return null;
        FileStream? file = null;
        FileTurnWriter? writer = null;
        try
        {
            if (header is null && !File.Exists(paths.Log))
                return null;
            file = PrivateFiles.Open(paths.Log, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var (length, lastId) = DropTornTail(file);
            if (length > 0 == header.HasValue)
                return null;
            if (header is { } bytes)
                RandomAccess.Write(file.SafeFileHandle, bytes.Span, 0);
            return writer = new FileTurnWriter(file, lease, header?.Length ?? length, lastId);
        }
        finally
        {
            if (writer is null)
            {
                file?.Dispose();
                lease.Dispose();
            }
        }
    }

    // Into the page cache, which takes microseconds: a hop to another thread would cost more than the write.
    public ValueTask AppendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (batch.AfterId != LastEventId)
            throw new TurnStoreException(TurnStoreFailure.LeaseLost, $"The batch follows event {batch.AfterId}, but the last stored event is {LastEventId}.");
        if (!InlineAccess.TryEnter())
            return new ValueTask(WriteElsewhereAsync(batch));
        try
        {
            Write(batch);
        }
        finally
        {
            InlineAccess.Exit();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<int> CountAttemptAsync(long progressId, CancellationToken cancellationToken) =>
        new(DiskThreads.RunShortAsync(() => _lease.CountAttempt(progressId), cancellationToken));

    public async ValueTask DisposeAsync() => await DiskThreads.RunShortAsync(
        () =>
        {
            _file.Dispose();
            _lease.Dispose();
            return true;
        },
        CancellationToken.None);

    // A crash in the middle of a write leaves part of an event at the end.
    private static (long Length, long LastId) DropTornTail(FileStream file)
    {
        if (file.Length == 0)
            return default;
        var log = new FileLog(file.SafeFileHandle);
        var (length, lastId) = log.FindEnd();
        if (length < file.Length)
            file.SetLength(length);
        return (length, lastId);
    }

    private Task WriteElsewhereAsync(EventBatch batch) => DiskThreads.RunAsync(
        () =>
        {
            var start = Environment.TickCount64;
            Write(batch);
            InlineAccess.ReportTime(start);
        },
        CancellationToken.None);

    private void Write(in EventBatch batch)
    {
        // Not foreach, whose enumerator would be allocated.
        for (var index = 0; index < batch.Blocks.Count; index++)
        {
            var block = batch.Blocks[index].Span;
            RandomAccess.Write(_handle, block, _length);
            _length += block.Length;
        }

        LastEventId = batch.LastId;
    }
}
