using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Knows the turns of threads whose deletion is not complete.</summary>
internal sealed class PendingDeletions(ThreadStorage threads) : ITurnDeletions
{
    public async Task<bool> IsDeletedAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken) =>
        request is ChatTurnRequest { ThreadId: { } threadId }
        && await threads.ReadDeletedAsync(new ThreadKey(key.User, threadId), cancellationToken) is { Thread: var thread }
        && (thread.IsDeleted || (thread.Find(key.TurnId) is null && thread.FindDeletion(key.TurnId) is not null));
}
