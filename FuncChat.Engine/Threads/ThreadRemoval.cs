using FuncChat.Engine.Chat;
using FuncChat.Engine.Files;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Deletes threads and turns of threads, with everything that belongs to them. What a crash interrupts is completed later.</summary>
internal sealed class ThreadRemoval(ThreadStorage threads, TurnRemoval turns, FileStorage files, ThreadLimits limits, RequestMemory memory, TimeProvider time)
{
    private static readonly TimeSpan StartInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the deletion of a thread takes whose turns stop when they are asked to: one of them may not be stored yet.</summary>
    public static readonly TimeSpan UsualTime = ThreadSettlement.StartTimeout + TimeSpan.FromSeconds(1);

    // The request that deletes the turns may still be removing what they left.
    private static readonly TimeSpan LongestDeletion = TimeSpan.FromMinutes(10);

    /// <summary>Deletes a thread. From the first step on, its user no longer sees it.</summary>
    /// <param name="isCurrent">Whether the thread may be deleted as it is now.</param>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    public async Task<AppError?> RemoveAsync(TurnService service, ThreadKey key, Func<ThreadDocument, AppError?> isCurrent, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= ThreadStorage.MaxAttempts; attempt++)
        {
            var (refusal, marked) = await MarkAsync(key, isCurrent, cancellationToken);
            if (refusal is not null)
                return refusal;
            if (marked is not null)
                return await CompleteAsync(service, marked.Thread, marked.ETag, cancellationToken);
            await threads.DelayRetryAsync(attempt, cancellationToken);
        }

        return ThreadErrors.Contended;
    }

    // Marks a thread as deleted. Both are null if another process has changed it meanwhile.
    private async Task<(AppError? Refusal, StoredThread? Marked)> MarkAsync(ThreadKey key, Func<ThreadDocument, AppError?> isCurrent, CancellationToken cancellationToken)
    {
        using var held = await threads.LockAsync(key, cancellationToken);
        if (await threads.ReadToRemoveAsync(key, cancellationToken) is not { } stored)
            return (ThreadErrors.NotFound, null);
        if (stored.Thread.IsDeleted)
            return (null, stored);
        if (isCurrent(stored.Thread) is { } error)
            return (error, null);
        var etag = await threads.WriteAsync(stored.Thread with { IsDeleted = true, Version = stored.Thread.Version + 1 }, stored.ETag, cancellationToken);
        return (null, etag is null ? null : stored with { ETag = etag });
    }

    /// <summary>Deletes a turn of a thread, and those that follow it. From the first step on, the thread no longer has them.</summary>
    /// <param name="isCurrent">Whether the turns may be deleted from the thread as it is now.</param>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    public async Task<AppError?> RemoveTurnAsync(
        TurnService service, ThreadKey key, string turnId, Func<ThreadDocument, AppError?> isCurrent, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= ThreadStorage.MaxAttempts; attempt++)
        {
            if (await threads.ReadAsync(key, cancellationToken) is not { Thread: var thread })
                return ThreadErrors.NotFound;
            if (thread.Find(turnId) is null)
            {
                return thread.FindDeletion(turnId) is not { } interrupted ? ThreadErrors.NoSuchTurn
                    : isCurrent(thread) ?? await CompleteAsync(service, key, interrupted, cancellationToken);
            }

            if (isCurrent(thread) is { } changed)
                return changed;
            var subtree = thread.SubtreeOf(turnId);
            var read = await DeletedTurns.ReadAsync(threads, memory, thread, subtree, cancellationToken);
            var (refusal, deletion) = await TakeAsync(key, turnId, read, isCurrent, cancellationToken);
            if (refusal is not null)
                return refusal;
            if (deletion is null)
            {
                await threads.DelayRetryAsync(attempt, cancellationToken);
                continue;
            }

            limits.Forget(key.User);

            // Also without its client: what is left no longer counts towards the user's limit.
            return await CompleteAsync(service, key, deletion, CancellationToken.None);
        }

        return ThreadErrors.Contended;
    }

    /// <summary>Completes the deletions of a thread's turns that a crash or an outage has interrupted.</summary>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    public async Task CompleteAsync(TurnService service, ThreadDocument thread, CancellationToken cancellationToken)
    {
        foreach (var deletion in (thread.Deletions ?? []).Where(deletion => time.GetUtcNow() - deletion.StartedAt >= LongestDeletion))
            await CompleteAsync(service, thread.Key, deletion, cancellationToken);
    }

    // Both are null if the thread has other turns now than were read.
    private async Task<(AppError? Refusal, TurnDeletion? Deletion)> TakeAsync(
        ThreadKey key, string turnId, DeletedTurns read, Func<ThreadDocument, AppError?> isCurrent, CancellationToken cancellationToken)
    {
        AppError? refusal = null;
        TurnDeletion? deletion = null;
        var now = time.GetUtcNow();
        var stored = await threads.ChangeAsync(
            key,
            known =>
            {
                deletion = null;
                refusal = isCurrent(known);
                var subtree = known.SubtreeOf(turnId);
                if (refusal is not null || !read.Are(subtree))
                    return known;
                var rest = read.RemoveFrom(known);
                deletion = new TurnDeletion(TurnDeletion.NewId(), now, subtree, rest.Share is null ? known.Share?.Id : null);
                return rest.With(deletion) with { UpdatedAt = now };
            },
            cancellationToken);
        return (stored is null ? ThreadErrors.NotFound : refusal, deletion);
    }

    // Another request may complete the deletion of the thread at the same time, and yet another may create a thread with its id.
    private async Task<AppError?> CompleteAsync(TurnService service, ThreadDocument thread, string etag, CancellationToken cancellationToken)
    {
        var key = thread.Key;
        var deletions = thread.Deletions ?? [];
        if (await RemoveLogsAsync(service, key, [.. deletions.SelectMany(deletion => deletion.Turns), .. thread.Turns], IsPendingAsync, cancellationToken) is { } error)
            return error;
        foreach (var share in deletions.Select(deletion => deletion.ShareId).Append(thread.Share?.Id).OfType<string>())
            await threads.RemoveShareAsync(key, share, cancellationToken);
        if (!await IsPendingAsync())
            return null;
        await files.DeleteOfThreadAsync(key.User, key.ThreadId, cancellationToken);
        await threads.RemoveAsync(key, etag, cancellationToken);
        limits.Forget(key.User);
        return null;

        async Task<bool> IsPendingAsync() => (await threads.ReadDeletedAsync(key, cancellationToken))?.ETag == etag;
    }

    private async Task<AppError?> CompleteAsync(TurnService service, ThreadKey key, TurnDeletion deletion, CancellationToken cancellationToken)
    {
        if (await RemoveLogsAsync(service, key, deletion.Turns, IsPendingAsync, cancellationToken) is { } error)
            return error;
        if (deletion.ShareId is not null)
            await threads.RemoveShareAsync(key, deletion.ShareId, cancellationToken);
        foreach (var turn in deletion.Turns)
            await threads.RemoveTurnAsync(key, turn.ContentId, cancellationToken);
        await threads.RemoveDeletionAsync(key, deletion.Id, cancellationToken);
        return null;

        async Task<bool> IsPendingAsync() =>
            (await threads.ReadDeletedAsync(key, cancellationToken))?.Thread.Deletions?.Any(each => each.Id == deletion.Id) == true;
    }

    // The last ones first: one that runs is stopped before the others are removed.
    private async Task<AppError?> RemoveLogsAsync(
        TurnService service, ThreadKey key, IReadOnlyList<ThreadTurn> removed, Func<Task<bool>> isPending, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        foreach (var turn in removed.Reverse())
        {
            // A turn is added to its thread a moment before it is stored, and would otherwise run although it is deleted. All turns wait together.
            var request = await FindRequestAsync(service, key.Turn(turn.TurnId), cancellationToken);
            while (request is null && turn.IsRunning && time.GetElapsedTime(started) < (MayStart(turn) ? ThreadSettlement.StartTimeout : ThreadSettlement.LostDelay))
            {
                await Task.Delay(StartInterval, time, cancellationToken);
                if (!await isPending())
                    return null;
                request = await FindRequestAsync(service, key.Turn(turn.TurnId), cancellationToken);
            }

            // An imported turn may have the id of a turn outside of the thread, which stays.
            var isOutside = request?.Request is { } found && (found as ChatTurnRequest)?.ThreadId != key.ThreadId;
            if (!isOutside && await turns.RemoveAsync(service, key.Turn(turn.TurnId), cancellationToken) is { } error)
                return error;
        }

        return null;

        bool MayStart(ThreadTurn turn) => time.GetUtcNow() - turn.CreatedAt < ThreadSettlement.StartTimeout;
    }

    // Null if there is no such turn. The request is null if the turn is damaged.
    private static async Task<FoundRequest?> FindRequestAsync(TurnService service, TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await service.FindRequestAsync(key, cancellationToken, ReadLimit.Wait) is { } request ? new FoundRequest(request) : null;
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            return new FoundRequest(null);
        }
    }

    private sealed record FoundRequest(TurnRequest? Request);
}
