using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>Knows which turns are deleted although they are still stored, because the request that deletes them has not ended or was interrupted.</summary>
internal interface ITurnDeletions
{
    /// <summary>Whether a turn that is stored is deleted, so that it must not continue.</summary>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    Task<bool> IsDeletedAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken);
}
