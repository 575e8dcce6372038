using FuncChat.Engine.Store;

namespace FuncChat.Engine.Approvals;

/// <summary>Keeps the names of turns that may wait for an approval. Whether they do is in their logs.</summary>
/// <remarks>Adapters throw what their SDK throws; the engine uses them through <see cref="ApprovalQueue"/>, which maps every failure.</remarks>
public interface IWaitingTurnStore
{
    /// <summary>Adds a turn, if it is not there.</summary>
    Task AddAsync(TurnKey key, CancellationToken cancellationToken);

    /// <summary>Removes a turn, if it is there.</summary>
    Task RemoveAsync(TurnKey key, CancellationToken cancellationToken);

    /// <summary>Removes the turns that were last added longer than <paramref name="age"/> ago by the store's own clock.</summary>
    Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken);

    /// <summary>Reads a page of turns, in an order that stays the same. What is damaged is left out.</summary>
    /// <param name="user">The user whose turns are read; null for those of all users.</param>
    /// <param name="after">The <see cref="WaitingTurnPage.Next"/> of the page before; null for the first page.</param>
    Task<WaitingTurnPage> ListAsync(string? user, string? after, int limit, CancellationToken cancellationToken);
}

/// <param name="Next">The cursor of the next page; null if this is the last.</param>
public sealed record WaitingTurnPage(IReadOnlyList<TurnKey> Turns, string? Next);
