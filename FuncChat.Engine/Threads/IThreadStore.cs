using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>Keeps threads: a document for each, an index of a user's threads, and the content of each turn.</summary>
/// <remarks>Adapters throw what their SDK throws; the engine uses them through <see cref="ThreadStorage"/>, which maps every failure.</remarks>
public interface IThreadStore
{
    /// <summary>What the processes that share the store have done for all of them; null if each does everything.</summary>
    IDoneWork? DoneWork => null;

    /// <summary>Reads a thread; null if there is none.</summary>
    /// <exception cref="TurnStoreException">It is damaged.</exception>
    Task<StoredThread?> ReadAsync(ThreadKey key, CancellationToken cancellationToken);

    /// <summary>Reads what is left of a thread that is damaged (<see cref="DamagedThread"/>), so that it can be removed; null if there is none.</summary>
    Task<StoredThread?> ReadDamagedAsync(ThreadKey key, CancellationToken cancellationToken);

    /// <summary>Stores a thread and its entry in the index.</summary>
    /// <param name="ifMatch">The ETag that the stored thread must have; null if there must be none.</param>
    /// <returns>The new ETag; null if another writer was faster, and nothing was stored.</returns>
    Task<string?> WriteAsync(ThreadDocument thread, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>The threads of a user, in no particular order, without those that are damaged.</summary>
    Task<IReadOnlyList<ThreadSummary>> ListAsync(string user, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the time by the clock of the store. What is old is removed by this clock: one of an instance that is ahead would remove what users still need.
    /// </summary>
    Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The threads of all users that have not changed since then, and those of which something must still be removed (<see cref="ThreadDocument.HasRemains"/>).
    /// A damaged one whose user can't be read is removed here, and so are contents that were written before then and never had a thread.
    /// </summary>
    IAsyncEnumerable<ThreadDocument> ListExpiredAsync(DateTimeOffset unchangedSince, CancellationToken cancellationToken);

    /// <summary>Stores the content of a turn by its <see cref="ThreadTurn.ContentId"/>, in place of an earlier one.</summary>
    Task WriteTurnAsync(ThreadKey key, string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads the content of a turn; null if there is none.</summary>
    Task<byte[]?> ReadTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken);

    /// <summary>Removes the content of a turn, if there is one.</summary>
    Task RemoveTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken);

    /// <summary>Stores which thread a link leads to, in place of what was stored before.</summary>
    Task WriteShareAsync(string shareId, ThreadKey key, CancellationToken cancellationToken);

    /// <summary>Reads which thread a link leads to; null if there is no such link. The thread itself decides whether the link is valid.</summary>
    Task<ThreadKey?> ReadShareAsync(string shareId, CancellationToken cancellationToken);

    /// <summary>The ids of all links that were written before then.</summary>
    IAsyncEnumerable<string> ListSharesAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken);

    /// <summary>Removes a link, if there is one.</summary>
    Task RemoveShareAsync(string shareId, CancellationToken cancellationToken);

    /// <summary>
    /// Removes everything of a thread, the document and the entry in the index last. Removes nothing if the thread has changed: another request may have removed
    /// it, and created a thread with its id.
    /// </summary>
    /// <param name="ifMatch">The ETag of the thread, which is marked as deleted.</param>
    Task RemoveAsync(ThreadKey key, string ifMatch, CancellationToken cancellationToken);
}

/// <summary>A thread as it is stored.</summary>
/// <param name="ETag">Changes with each change of the thread.</param>
public sealed record StoredThread(ThreadDocument Thread, string ETag);
