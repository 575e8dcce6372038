namespace FuncChat.Engine.Store;

/// <summary>
/// The port to where turns are kept. A turn's log is a header and then its events, each a run of bytes that ends with an empty line and has
/// none within (<see cref="Events.EventFrames"/>); the log neither reads nor changes them. One writer at a time: a writer holds the turn's
/// lease until it is disposed or its process ends.
/// </summary>
public interface ITurnStore
{
    /// <summary>
    /// False where appending takes microseconds: each event is then stored before anyone sees it. True where it is a call over the network:
    /// events are then shown first and stored in batches, and a crash may lose the last of them.
    /// </summary>
    bool Batched { get; }

    /// <summary>Creates a turn's log with its header and takes its lease; null where the turn exists already.</summary>
    Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the lease of a turn that nobody writes any more, dropping what a crash left half written; null where there is no such
    /// turn or another writer holds it.
    /// </summary>
    Task<ITurnWriter?> ContinueAsync(TurnKey key, CancellationToken cancellationToken);

    /// <summary>Opens a turn's log for reading, whoever writes it; null where there is none.</summary>
    Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken);

    /// <summary>Asks the turn's writer, which may be another instance, to stop the turn. Does nothing where there is no such turn.</summary>
    Task RequestStopAsync(TurnKey key, CancellationToken cancellationToken);

    /// <summary>Removes turns whose last event is older than that and that nobody writes.</summary>
    Task RemoveOlderThanAsync(DateTimeOffset time, CancellationToken cancellationToken);
}

/// <summary>Reads a turn's log.</summary>
public interface ITurnReader : IAsyncDisposable
{
    /// <summary>Reads from an offset in bytes; 0 where the log ends there, for now.</summary>
    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>Appends to a turn's log, and holds its lease.</summary>
public interface ITurnWriter : IAsyncDisposable
{
    /// <summary>The log's length in bytes, header included.</summary>
    long Length { get; }

    /// <summary>Appends whole events, given in one or more blocks. When it returns, they outlive the process.</summary>
    /// <exception cref="TurnStoreException">They could not be stored, or the lease is another's now. The writer is of no more use.</exception>
    ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken);

    /// <summary>Whether somebody asked to stop the turn (<see cref="ITurnStore.RequestStopAsync"/>).</summary>
    ValueTask<bool> IsStopRequestedAsync(CancellationToken cancellationToken);
}

/// <summary>The log could not be written: the disk is full, the store does not answer, or the lease was lost.</summary>
public sealed class TurnStoreException(string message, Exception? innerException = null) : Exception(message, innerException);
