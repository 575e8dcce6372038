using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Knows what the log of a turn doesn't show: that the turn is deleted, since the request that deletes it has not ended or was interrupted, or that it has ended.
/// </summary>
internal interface ITurnDeletions
{
    /// <summary>Whether a turn that is stored is deleted, so that it must not continue.</summary>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    Task<bool> IsDeletedAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken);

    /// <summary>Whether a turn has ended. If its log has no end, a disk has lost it: the turn must not run again.</summary>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    Task<bool> HasEndedAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken);
}
