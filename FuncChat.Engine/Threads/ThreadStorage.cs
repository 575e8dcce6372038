using System.Runtime.CompilerServices;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>
/// The store of threads as the engine uses it: every failure, whatever the adapter throws, is a <see cref="TurnStoreException"/>, and no call takes
/// longer than some seconds.
/// </summary>
public sealed class ThreadStorage(IThreadStore store, TimeProvider time)
{
    private const int LongestRetryMilliseconds = 100;

    private readonly ThreadLocks _locks = new(time);
    private readonly StoreCalls _calls = new("threads", TimeSpan.FromSeconds(10), time);

    /// <inheritdoc cref="IThreadStore.DoneWork"/>
    internal IDoneWork? DoneWork => store.DoneWork;

    /// <summary>Reads a thread; null if there is none, or if it is being deleted.</summary>
    public async Task<StoredThread?> ReadAsync(ThreadKey key, CancellationToken cancellationToken) =>
        await ReadDeletedAsync(key, cancellationToken) is { Thread.IsDeleted: false } thread ? thread : null;

    /// <summary>Reads a thread, even if it is being deleted.</summary>
    public Task<StoredThread?> ReadDeletedAsync(ThreadKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.ReadAsync(key, token), cancellationToken);

    /// <summary>Reads a thread to remove it, even if it is being deleted or is damaged.</summary>
    public async Task<StoredThread?> ReadToRemoveAsync(ThreadKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadDeletedAsync(key, cancellationToken);
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            return await _calls.RunAsync(token => store.ReadDamagedAsync(key, token), cancellationToken);
        }
    }

    /// <summary>Waits a moment for the other requests of this process that change the thread. Hold the result from reading the thread to writing it; it is not reentrant.</summary>
    internal Task<IDisposable> LockAsync(ThreadKey key, CancellationToken cancellationToken) => _locks.EnterAsync(key, cancellationToken);

    /// <summary>How often a change is tried that other requests overtake: each attempt that fails lets one of them succeed.</summary>
    internal const int MaxAttempts = 20;

    /// <summary>Waits before a change that another request has overtaken is tried again: longer after each attempt, and not at the same time as others.</summary>
    internal Task DelayRetryAsync(int attempt, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(Math.Min(5 * attempt, LongestRetryMilliseconds)) + 1), time, cancellationToken);

    /// <inheritdoc cref="IThreadStore.WriteAsync"/>
    public Task<string?> WriteAsync(ThreadDocument thread, string? ifMatch, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.WriteAsync(thread, ifMatch, token), cancellationToken);

    /// <summary>Changes a thread, again and again while other requests change it at the same time.</summary>
    /// <param name="change">Returns what to store; the same thread if nothing changes.</param>
    /// <returns>The thread as it is stored now; null if there is none.</returns>
    public Task<StoredThread?> ChangeAsync(ThreadKey key, Func<ThreadDocument, ThreadDocument> change, CancellationToken cancellationToken) =>
        ChangeAsync(key, change, versions: 1, cancellationToken);

    /// <summary>Removes a deletion of turns that is complete. Clients do not see it, so the version of the thread stays.</summary>
    public Task RemoveDeletionAsync(ThreadKey key, string deletionId, CancellationToken cancellationToken) =>
        ChangeAsync(key, thread => thread.WithoutDeletion(deletionId), versions: 0, cancellationToken);

    /// <inheritdoc cref="IThreadStore.ListAsync"/>
    public async Task<IReadOnlyList<ThreadSummary>> ListAsync(string user, CancellationToken cancellationToken) =>
        [.. (await _calls.RunAsync(token => store.ListAsync(user, token), cancellationToken)).Where(thread => !thread.IsDeleted)];

    /// <inheritdoc cref="IThreadStore.NowAsync"/>
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => _calls.RunAsync(store.NowAsync, cancellationToken);

    /// <inheritdoc cref="IThreadStore.ListExpiredAsync"/>
    public IAsyncEnumerable<ThreadDocument> ListExpiredAsync(DateTimeOffset unchangedSince, CancellationToken cancellationToken) =>
        _calls.ListAsync(store.ListExpiredAsync(unchangedSince, cancellationToken), cancellationToken);

    /// <summary>Stores the content of a turn by its <see cref="ThreadTurn.ContentId"/>, and returns the number of its bytes.</summary>
    public async Task<long> WriteTurnAsync(ThreadKey key, string contentId, ThreadTurnContent content, CancellationToken cancellationToken)
    {
        var json = content.ToJson();
        await _calls.RunAsync(token => store.WriteTurnAsync(key, contentId, json, token), cancellationToken);
        return json.Length;
    }

    /// <inheritdoc cref="IThreadStore.ReadTurnAsync"/>
    public async Task<ThreadTurnContent?> ReadTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken) =>
        await _calls.RunAsync(token => store.ReadTurnAsync(key, contentId, token), cancellationToken) is { } json ? ThreadTurnContent.Parse(json) : null;

    /// <summary>The contents of these turns, in their order; null for one that has none, and <see cref="ThreadTurnContent.Damaged"/> for one that can't be read.</summary>
    public async IAsyncEnumerable<ThreadTurnContent?> ReadTurnsAsync(
        ThreadKey key, IReadOnlyList<ThreadTurn> turns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var batch in TurnBatch.Split(turns))
        {
            foreach (var content in await Task.WhenAll(batch.Turns.Select(turn => ReadAnyTurnAsync(key, turn.ContentId, cancellationToken))))
                yield return content;
        }
    }

    /// <summary>As <see cref="ReadTurnAsync"/>, and <see cref="ThreadTurnContent.Damaged"/> for one that can't be read.</summary>
    internal async Task<ThreadTurnContent?> ReadAnyTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadTurnAsync(key, contentId, cancellationToken);
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            return ThreadTurnContent.Damaged;
        }
    }

    /// <inheritdoc cref="IThreadStore.RemoveTurnAsync"/>
    public Task RemoveTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.RemoveTurnAsync(key, contentId, token), cancellationToken);

    /// <inheritdoc cref="IThreadStore.WriteShareAsync"/>
    public Task WriteShareAsync(string shareId, ThreadKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.WriteShareAsync(shareId, key, token), cancellationToken);

    /// <summary>Reads the thread that a valid link leads to; null if there is no such link.</summary>
    public async Task<ThreadDocument?> ReadSharedAsync(string shareId, CancellationToken cancellationToken)
    {
        // The errors are for readers of the link, who can't delete the thread.
        var key = await ReadOrAsync(ThreadErrors.DamagedLink, () => _calls.RunAsync(token => store.ReadShareAsync(shareId, token), cancellationToken));
        return key is { } found && await ReadOrAsync(ThreadErrors.DamagedShare, () => ReadAsync(found, cancellationToken)) is { Thread: var thread } && thread.Share?.Id == shareId
            ? thread
            : null;
    }

    /// <inheritdoc cref="IThreadStore.ListSharesAsync"/>
    public IAsyncEnumerable<string> ListSharesAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken) =>
        _calls.ListAsync(store.ListSharesAsync(writtenBefore, cancellationToken), cancellationToken);

    /// <summary>Writes the link of a thread that is shared, if it is missing or damaged: the request that shared the thread may have been killed.</summary>
    internal async Task EnsureShareAsync(ThreadKey key, string shareId, CancellationToken cancellationToken)
    {
        if (await FindOwnerAsync(shareId, cancellationToken) is null)
            await WriteShareAsync(key, shareId, cancellationToken);
    }

    /// <summary>Writes the link of a thread that is shared, and removes it if the thread is no longer shared by it: a request may have stopped that meanwhile.</summary>
    /// <returns>The thread; null if it was deleted.</returns>
    internal async Task<StoredThread?> WriteShareAsync(ThreadKey key, string shareId, CancellationToken cancellationToken)
    {
        await WriteShareAsync(shareId, key, cancellationToken);
        var current = await ReadAsync(key, cancellationToken);
        if (current?.Thread.Share?.Id != shareId)
            await RemoveShareAsync(shareId, cancellationToken);
        return current;
    }

    /// <summary>Removes a link that no thread confirms, such as one whose id could not be read from a damaged thread.</summary>
    internal async Task RemoveUnusedShareAsync(string shareId, CancellationToken cancellationToken)
    {
        if (await FindOwnerAsync(shareId, cancellationToken) is not { } owner || !await MayUseAsync(owner, shareId, cancellationToken))
            await RemoveShareAsync(shareId, cancellationToken);
    }

    /// <summary>Removes the link of a thread. A link that leads to another thread stays: the id in a damaged thread may be a part of its text.</summary>
    internal async Task RemoveShareAsync(ThreadKey key, string shareId, CancellationToken cancellationToken)
    {
        if (await FindOwnerAsync(shareId, cancellationToken) is not { } owner || owner == key)
            await RemoveShareAsync(shareId, cancellationToken);
    }

    /// <inheritdoc cref="IThreadStore.RemoveShareAsync"/>
    public Task RemoveShareAsync(string shareId, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.RemoveShareAsync(shareId, token), cancellationToken);

    /// <inheritdoc cref="IThreadStore.RemoveAsync"/>
    public Task RemoveAsync(ThreadKey key, string ifMatch, CancellationToken cancellationToken) =>
        _calls.RunUnlimitedAsync(token => store.RemoveAsync(key, ifMatch, token), cancellationToken); // a long thread has many blobs

    private static async Task<T> ReadOrAsync<T>(AppError damaged, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            throw new TurnStoreException(TurnStoreFailure.Damaged, e.Message, e) { Error = damaged };
        }
    }

    // Null if there is no such link, or it is damaged and leads nowhere.
    private async Task<ThreadKey?> FindOwnerAsync(string shareId, CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.RunAsync(token => store.ReadShareAsync(shareId, token), cancellationToken);
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            return null;
        }
    }

    private async Task<bool> MayUseAsync(ThreadKey owner, string shareId, CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadDeletedAsync(owner, cancellationToken))?.Thread is { } thread
                && (thread.Share?.Id == shareId || thread.Deletions?.Any(deletion => deletion.ShareId == shareId) == true);
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            return true; // Until the thread is removed.
        }
    }

    private async Task<StoredThread?> ChangeAsync(ThreadKey key, Func<ThreadDocument, ThreadDocument> change, int versions, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using (await LockAsync(key, cancellationToken))
            {
                if (await ReadAsync(key, cancellationToken) is not { } stored)
                    return null;
                var changed = change(stored.Thread);
                if (changed == stored.Thread)
                    return stored;
                changed = changed with { Version = stored.Thread.Version + versions };
                if (await WriteAsync(changed, stored.ETag, cancellationToken) is { } etag)
                    return new StoredThread(changed, etag);
            }

            // Without the lock: the other requests of this process need not wait too.
            if (attempt == MaxAttempts)
                throw new TurnStoreException(TurnStoreFailure.Unavailable, "Other requests change the thread at the same time.") { Error = ThreadErrors.Contended };
            await DelayRetryAsync(attempt, cancellationToken);
        }
    }
}
