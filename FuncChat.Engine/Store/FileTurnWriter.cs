using Microsoft.Win32.SafeHandles;

namespace FuncChat.Engine.Store;

/// <summary>Appends to a turn's file. A write that returned is in the operating system's hands, and outlives the process.</summary>
internal sealed class FileTurnWriter(string path, FileStream file, FileStream lease) : ITurnWriter
{
    // Asked of the stream each time, it would seek each time.
    private readonly SafeFileHandle _handle = file.SafeFileHandle;

    public long Length { get; private set; } = file.Length;

    public static string StopPath(string path) => Path.ChangeExtension(path, ".stop");

    // Into the page cache, which takes microseconds: a hop to another thread would cost more than the write.
    public ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var block in blocks)
            {
                RandomAccess.Write(_handle, block.Span, Length);
                Length += block.Length;
            }

            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return ValueTask.FromException(new TurnStoreException("The turn could not be written to its file.", e));
        }
    }

    public ValueTask<bool> IsStopRequestedAsync(CancellationToken cancellationToken) => ValueTask.FromResult(File.Exists(StopPath(path)));

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        await lease.DisposeAsync();
    }
}

internal sealed class FileTurnReader(SafeFileHandle handle) : ITurnReader
{
    // From the page cache, nearly always: not worth a hop to another thread.
    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(RandomAccess.Read(handle, buffer.Span, offset));

    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }
}
