using FuncChat.Engine.Chat;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Adds new turns to their threads before they start, and takes back those that could not start.</summary>
internal sealed class TurnAdditions(ThreadStorage threads, ThreadLimits limits, TurnService turns, TimeProvider time)
{
    // Between two looks at a thread that is being deleted, until another can be created with its id: longer after each.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(50);
    private const int LongestIntervals = 10;

    /// <summary>Adds a turn to its thread, which is created if it is missing.</summary>
    /// <param name="isNamed">Whether the client chose the id, so that a turn may have it already.</param>
    /// <param name="added">The messages that are new in the request.</param>
    /// <returns>Why the turn can't be added, or the addition; both are null if the thread has the turn already.</returns>
    public async Task<(TurnAddition? Addition, AppError? Error)> AddAsync(
        ThreadPosition position, string turnId, bool isNamed, IReadOnlyList<RawJson> added, ChatTurnRequest request, CancellationToken cancellationToken)
    {
        var key = position.Key;
        var contentId = ThreadTurn.NewContentId();
        var reading = FindRequestAsync();
        var (isWritten, isDeleting) = (false, false);
        var started = time.GetTimestamp();
        for (var (attempts, looks) = (0, 0); ;)
        {
            using (await threads.LockAsync(key, cancellationToken))
            {
                if (await TryAddAsync(isLast: attempts == ThreadStorage.MaxAttempts) is var (addition, error))
                {
                    if (addition is null)
                        await RemoveContentAsync();
                    return (addition, error);
                }
            }

            // Without the lock: the deletion needs it.
            await (isDeleting
                ? Task.Delay(ShortestInterval * Math.Min(++looks, LongestIntervals), time, cancellationToken)
                : threads.DelayRetryAsync(++attempts, cancellationToken));
        }

        // Null if another request has changed the thread, or is deleting it.
        async Task<(TurnAddition? Addition, AppError? Error)?> TryAddAsync(bool isLast)
        {
            var stored = await threads.ReadDeletedAsync(key, cancellationToken);
            isDeleting = stored is { Thread.IsDeleted: true };
            if (isDeleting)
            {
                // The removal of the thread must not find contents of the next one with its id.
                await RemoveContentAsync();
                isWritten = false;
                await reading;
                reading = FindRequestAsync();
                return position.Thread is not null ? (null, ThreadErrors.NotFound)
                    : time.GetElapsedTime(started) >= ThreadRemoval.UsualTime ? (null, ThreadErrors.IsBeingDeleted)
                    : null;
            }

            var existing = await reading;
            if (stored?.Thread.Find(turnId) is { } known)
                return (null, await FindErrorOfKnownAsync(key, known, request, cancellationToken));

            // A turn outside of the thread may have the id: the thread must not change.
            var conflict = existing?.IsSameAs(request) == false ? TurnErrors.OtherBody
                : isLast ? ThreadErrors.Contended
                : stored?.Thread.FindDeletion(turnId) is not null ? ThreadErrors.TurnIsBeingDeleted
                : FindConflict(stored?.Thread, position);
            if ((conflict ?? await limits.FindErrorAsync(key.User, stored?.Thread, cancellationToken)) is { } error)
                return (null, error);

            // The content first: a turn that the thread has can be read.
            var bytes = await threads.WriteTurnAsync(key, contentId, new ThreadTurnContent { Messages = added }, cancellationToken);
            isWritten = true;
            var turn = new ThreadTurn(turnId, position.ParentId, time.GetUtcNow()) { Model = request.Model, Bytes = bytes, OwnContentId = contentId, Fingerprint = request.Fingerprint };
            var thread = With(stored?.Thread ?? New(key, added, request, turn.CreatedAt), turn, added);
            if (await threads.WriteAsync(thread, stored?.ETag, cancellationToken) is null)
                return null;
            limits.Add(key.User, bytes);
            return (new TurnAddition(contentId, stored?.Thread, thread), null);
        }

        Task<TurnRequest?> FindRequestAsync() => isNamed ? turns.FindRequestAsync(key.Turn(turnId), cancellationToken) : Task.FromResult<TurnRequest?>(null);

        Task RemoveContentAsync() => isWritten ? threads.RemoveTurnAsync(key, contentId, CancellationToken.None) : Task.CompletedTask;
    }

    /// <summary>Removes a turn that could not start from its thread, unless the same request has started it at the same time.</summary>
    public async Task TakeBackAsync(ThreadKey key, string turnId, TurnAddition addition, ChatTurnRequest request)
    {
        if (await turns.FindRequestAsync(key.Turn(turnId), CancellationToken.None, ReadLimit.Wait) is { } started && started.IsSameAs(request))
            return;
        var stored = await threads.ChangeAsync(key, addition.TakeBackFrom, CancellationToken.None);
        await threads.RemoveTurnAsync(key, addition.ContentId, CancellationToken.None);
        if (stored is { Thread.IsDeleted: true })
            await threads.RemoveAsync(key, stored.ETag, CancellationToken.None);
    }

    private async Task<AppError?> FindErrorOfKnownAsync(ThreadKey key, ThreadTurn known, ChatTurnRequest request, CancellationToken cancellationToken) =>
        known.Fingerprint is { } other && other != request.Fingerprint ? TurnErrors.OtherBody
        : known.IsRunning ? null
        : await turns.FindErrorAsync(key.Turn(known.TurnId), cancellationToken);

    private static AppError? FindConflict(ThreadDocument? thread, ThreadPosition position) =>
        thread?.Turns.FirstOrDefault(turn => turn.IsRunning) is { } running ? ThreadErrors.Running(running.TurnId)
        : thread is null && position.Thread is not null ? ThreadErrors.NotFound
        : position is { FollowsLast: true, IfRunning: not IfRunning.Refuse } && (thread?.Turns is [.., var last] ? last.TurnId : null) != position.ParentId ? ThreadErrors.Overtaken
        : position.ParentId is { } parent && thread?.Find(parent) is null ? ThreadErrors.NoParent
        : null;

    private static ThreadDocument With(ThreadDocument thread, ThreadTurn turn, IReadOnlyList<RawJson> added) => thread.With(turn) with
    {
        UpdatedAt = turn.CreatedAt,
        Version = thread.Version + 1,
        Title = thread.Title.Length > 0 ? thread.Title : ThreadTitle.Of(added),
    };

    private static ThreadDocument New(ThreadKey key, IReadOnlyList<RawJson> added, ChatTurnRequest request, DateTimeOffset now) => new()
    {
        User = key.User,
        Id = key.ThreadId,
        Model = request.Model,
        Tools = request.Tools.Count > 0 ? [.. request.Tools.Select(tool => tool.Name)] : null,
        SystemPrompt = added.Where(ConversationReader.IsSystem).Select(ThreadTitle.TextOf).FirstOrDefault(),
        CreatedAt = now,
        UpdatedAt = now,
        Version = ThreadDocument.FirstVersionAt(now),
    };
}
