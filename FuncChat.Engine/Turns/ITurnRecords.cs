using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>What the thread of a turn records of it, and its log may not show.</summary>
/// <param name="IsDeleted">Whether the turn is deleted, although it is still stored: the request that deletes it has not ended or was interrupted.</param>
/// <param name="HasEnded">Whether it has ended. If its log has no end, a disk has lost it: the turn must not run again.</param>
internal readonly record struct TurnRecord(bool IsDeleted, bool HasEnded);

/// <summary>Reads what the threads record of their turns.</summary>
internal interface ITurnRecords
{
    /// <summary>Reads the record of a turn that is stored. Nothing is recorded of a turn without a thread, or in a thread that is damaged.</summary>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    Task<TurnRecord> ReadAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken);
}
