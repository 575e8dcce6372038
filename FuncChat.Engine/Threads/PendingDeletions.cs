using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Knows the turns of threads whose deletion is not complete.</summary>
internal sealed class PendingDeletions(ThreadStorage threads) : ITurnDeletions
{
    public async Task<bool> IsDeletedAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken)
    {
        if (request is not ChatTurnRequest { ThreadId: { } threadId })
            return false;
        try
        {
            return await threads.ReadDeletedAsync(new ThreadKey(key.User, threadId), cancellationToken) is { Thread: var thread }
                && (thread.IsDeleted || (thread.Find(key.TurnId) is null && thread.FindDeletion(key.TurnId) is not null));
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // Damage of the thread must not keep the user from the answer.
            return false;
        }
    }
}
