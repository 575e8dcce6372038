using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Files;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Deletes threads and turns of threads, with everything that belongs to them. What a crash interrupts is completed later.</summary>
internal sealed class ThreadRemoval(ThreadStorage threads, TurnRemoval turns, FileStorage files, ThreadLimits limits, TimeProvider time)
{
    // The thread is written once for them.
    private const int TurnsAtOnce = 32;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Deletes a thread. From the first step on, its user no longer sees it.</summary>
    /// <param name="isCurrent">Whether the thread may be deleted as it is now.</param>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    public async Task<AppError?> RemoveAsync(TurnService service, ThreadKey key, Func<ThreadDocument, AppError?> isCurrent, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await threads.ReadDeletedAsync(key, cancellationToken) is not { } stored)
                return ThreadErrors.NotFound;
            var thread = stored.Thread;
            if (!thread.IsDeleted)
            {
                if (isCurrent(thread) is { } error)
                    return error;
                if (await threads.WriteAsync(thread with { IsDeleted = true, Version = thread.Version + 1 }, stored.ETag, cancellationToken) is null)
                    continue;
            }

            foreach (var turn in thread.Turns)
            {
                if (await RemoveLogAsync(service, key, turn, cancellationToken) is { } error)
                    return error;
            }

            if (thread.Share is { } share)
                await threads.RemoveShareAsync(share.Id, cancellationToken);
            await files.DeleteOfThreadAsync(key.User, key.ThreadId, cancellationToken);
            await threads.RemoveAsync(key, cancellationToken);
            limits.Add(key.User, bytes: null);
            return null;
        }
    }

    /// <summary>Deletes a turn of a thread, and those that follow it, also those that other requests add meanwhile if the client deletes whatever the thread has.</summary>
    /// <param name="isCurrent">Whether the turns may be deleted from the thread as it is now.</param>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    public async Task<AppError?> RemoveTurnAsync(
        TurnService service, ThreadKey key, string turnId, Func<ThreadDocument, AppError?> isCurrent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await threads.ReadAsync(key, cancellationToken) is not { Thread: var thread })
            return ThreadErrors.NotFound;
        if (thread.Find(turnId) is null)
            return ThreadErrors.NoSuchTurn;
        if (isCurrent(thread) is { } changed)
            return changed;

        // The last ones first: what remains after a crash is a whole tree.
        var removed = new HashSet<string>(StringComparer.Ordinal);
        while (thread.Find(turnId) is not null)
        {
            var some = thread.SubtreeOf(turnId).Reverse().Take(TurnsAtOnce).ToList();
            foreach (var turn in some.Where(turn => removed.Add(turn.ContentId)))
            {
                if (await RemoveLogAsync(service, key, turn, cancellationToken) is { } error)
                    return error;
            }

            var deleted = await DeletedTurns.ReadAsync(threads, thread, some, cancellationToken);
            var isRemoved = false;
            ThreadShare? revoked = null;
            AppError? unseen = null;
            var stored = await threads.ChangeAsync(
                key,
                known =>
                {
                    // Another request may have added a turn that follows one of these.
                    isRemoved = !deleted.AreFollowedIn(known);
                    unseen = isRemoved ? null : isCurrent(known);
                    var rest = isRemoved ? deleted.RemoveFrom(known) with { UpdatedAt = now } : known;
                    revoked = rest.Share is null ? known.Share : null;
                    return rest;
                },
                cancellationToken);
            if (unseen is not null)
                return unseen;
            if (stored is null)
                return null; // The whole thread is being deleted.
            thread = stored.Thread;
            if (!isRemoved)
                continue;
            if (revoked is not null)
                await threads.RemoveShareAsync(revoked.Id, cancellationToken);
            foreach (var turn in some)
                await threads.RemoveTurnAsync(key, turn.ContentId, cancellationToken);
        }

        limits.Add(key.User, bytes: null);
        return null;
    }

    // An imported turn may have the id of a turn outside of the thread, which stays.
    private async Task<AppError?> RemoveLogAsync(TurnService service, ThreadKey key, ThreadTurn turn, CancellationToken cancellationToken)
    {
        var request = await FindRequestAsync(service, key, turn, cancellationToken);
        return request is not null && (request as ChatTurnRequest)?.ThreadId != key.ThreadId
            ? null
            : await turns.RemoveAsync(service, key.Turn(turn.TurnId), cancellationToken);
    }

    // A turn is added to its thread a moment before it is stored, and would otherwise run although it is deleted.
    private async Task<TurnRequest?> FindRequestAsync(TurnService service, ThreadKey key, ThreadTurn turn, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var request = await service.FindRequestAsync(key.Turn(turn.TurnId), cancellationToken);
            if (request is not null || !turn.IsRunning || time.GetUtcNow() - turn.CreatedAt >= StartTimeout || time.GetElapsedTime(started) >= StartTimeout)
                return request;
            if ((await threads.ReadDeletedAsync(key, cancellationToken))?.Thread.Find(turn.TurnId)?.ContentId != turn.ContentId)
                return null;
            await Task.Delay(StartInterval, time, cancellationToken);
        }
    }
}
