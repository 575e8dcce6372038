using FuncChat.Engine.Chat;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Adds turns that ended elsewhere to their threads.</summary>
internal sealed class TurnImport(
    ThreadStorage threads, ThreadSettlement settlement, ThreadLimits limits, TurnRuntime runtime, TurnService turns, TimeProvider time)
{
    /// <inheritdoc cref="ThreadService.ImportTurnAsync"/>
    /// <exception cref="Store.TurnStoreException">A store failed.</exception>
    public async Task<Result<ThreadDocument>> RunAsync(
        ThreadKey key, ThreadTurn turn, ThreadTurnContent content, Func<IReadOnlyList<RawJson>, AppError?> findError, CancellationToken cancellationToken)
    {
        var transcript = content.Transcript!;
        var size = content.ToJson().Length;
        var contentId = ThreadTurn.NewContentId();
        var isWritten = false;
        for (var attempt = 1; ; attempt++)
        {
            // The lock is not reentrant, and recording the ends of turns takes it.
            await settlement.ReadAsync(key, cancellationToken);
            using (await threads.LockAsync(key, cancellationToken))
            {
                if (await TryImportAsync() is { } imported)
                    return imported;
            }

            if (attempt == ThreadStorage.MaxAttempts)
                return await TakeBackAsync(ThreadErrors.Contended);
            await threads.DelayRetryAsync(attempt, cancellationToken);
        }

        // Null if another request has changed the thread.
        async Task<Result<ThreadDocument>?> TryImportAsync()
        {
            if (await threads.ReadAsync(key, cancellationToken) is not { } stored)
                return await TakeBackAsync(ThreadErrors.NotFound);
            var thread = stored.Thread;
            if (thread.Find(turn.TurnId) is not null)
            {
                await RemoveContentAsync();
                return thread;
            }

            if (!isWritten && await turns.FindRequestAsync(key.Turn(turn.TurnId), cancellationToken) is ChatTurnRequest { ThreadId: { } other } && other != key.ThreadId)
                return ThreadErrors.TurnElsewhere;
            var parent = thread.Find(turn.ParentId);
            if ((thread.FindDeletion(turn.TurnId) is not null ? ThreadErrors.TurnIsBeingDeleted
                : turn.ParentId is not null && parent is null ? ThreadErrors.NoParent
                : parent?.IsRunning == true ? ThreadErrors.ParentRuns
                : null) is { } misplaced)
                return await TakeBackAsync(misplaced);
            if (!isWritten && findError(await ReadAddedAsync(key, parent, cancellationToken)) is { } invalid)
                return invalid;
            if ((await limits.FindErrorAsync(key.User, thread, cancellationToken) ?? await CountAsync()) is { } full)
                return await TakeBackAsync(full);
            if (!isWritten)
                await threads.WriteTurnAsync(key, contentId, content, cancellationToken);
            isWritten = true;
            var now = time.GetUtcNow();
            var changed = thread.With(turn with { Status = transcript.Status, Model = transcript.Model, EndedAt = turn.CreatedAt, Bytes = size, OwnContentId = contentId }) with
            {
                UpdatedAt = now,
                Version = thread.Version + 1,
                Title = thread.Title.Length > 0 ? thread.Title : ThreadTitle.Of(content.Messages),
            };
            if (await threads.WriteAsync(changed, stored.ETag, cancellationToken) is not null)
            {
                limits.Add(key.User, size);
                return changed;
            }

            return null;
        }

        async Task<AppError?> CountAsync() => isWritten ? null : await runtime.Usage.AddRequestAsync(key.User, size);

        async Task<AppError> TakeBackAsync(AppError error)
        {
            await RemoveContentAsync();
            return error;
        }

        Task RemoveContentAsync() => isWritten ? threads.RemoveTurnAsync(key, contentId, CancellationToken.None) : Task.CompletedTask;
    }

    private async Task<IReadOnlyList<RawJson>> ReadAddedAsync(ThreadKey key, ThreadTurn? turn, CancellationToken cancellationToken) =>
        turn is null ? [] : (await threads.ReadAnyTurnAsync(key, turn.ContentId, cancellationToken))?.Transcript?.Messages ?? [];
}
