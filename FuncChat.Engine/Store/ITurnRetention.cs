namespace FuncChat.Engine.Store;

/// <summary>Removes turns that have expired or are deleted.</summary>
public interface ITurnRetention
{
    /// <summary>
    /// Removes turns whose last event is older than <paramref name="age"/> by the store's own clock and that no runner holds. A turn that can't be removed
    /// does not keep others from being removed; the first such failure is thrown at the end.
    /// </summary>
    Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken);

    /// <summary>Removes a turn, with its signals and all that is stored next to it.</summary>
    /// <returns>False if a runner holds the turn, and nothing was removed; true if there is no such turn.</returns>
    Task<bool> RemoveAsync(TurnKey key, CancellationToken cancellationToken);
}
