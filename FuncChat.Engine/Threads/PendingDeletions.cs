using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Knows the turns of threads whose deletion is not complete, and those that have ended.</summary>
internal sealed class PendingDeletions(ThreadStorage threads) : ITurnDeletions
{
    public Task<bool> IsDeletedAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken) => LookAsync(
        key, request, thread => thread.IsDeleted || (thread.Find(key.TurnId) is null && thread.FindDeletion(key.TurnId) is not null), cancellationToken);

    public Task<bool> HasEndedAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken) =>
        LookAsync(key, request, thread => thread.Find(key.TurnId) is { IsRunning: false, EndedAt: not null }, cancellationToken);

    private async Task<bool> LookAsync(TurnKey key, TurnRequest request, Func<ThreadDocument, bool> look, CancellationToken cancellationToken)
    {
        if (request is not ChatTurnRequest { ThreadId: { } threadId })
            return false;
        try
        {
            return await threads.ReadDeletedAsync(new ThreadKey(key.User, threadId), cancellationToken) is { Thread: var thread } && look(thread);
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // Damage of the thread must not keep the user from the answer.
            return false;
        }
    }
}
