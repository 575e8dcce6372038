using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>The records of turns in their threads.</summary>
internal sealed class TurnRecords(ThreadStorage threads) : ITurnRecords
{
    public async Task<TurnRecord> ReadAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken)
    {
        if (request is not ChatTurnRequest { ThreadId: { } threadId })
            return default;
        try
        {
            if (await threads.ReadDeletedAsync(new ThreadKey(key.User, threadId), cancellationToken) is not { Thread: var thread })
                return default;
            var turn = thread.Find(key.TurnId);
            return new TurnRecord(
                IsDeleted: thread.IsDeleted || (turn is null && thread.FindDeletion(key.TurnId) is not null),
                HasEnded: turn is { IsRunning: false, EndedAt: not null });
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // Damage of the thread must not keep the user from the answer.
            return default;
        }
    }
}
