namespace FuncChat.Engine.Store;

/// <summary>Leases on turns: one runner per turn, across instances.</summary>
public interface ITurnLeases
{
    /// <summary>
    /// Acquires the lease of a turn that no one runs, and drops what a crash left half written. Returns null if there is no such turn or another
    /// runner holds the lease. A runner that lost its lease can't append any more.
    /// </summary>
    Task<ITurnWriter?> TryAcquireAsync(TurnKey key, CancellationToken cancellationToken);
}
