namespace FuncChat.Engine.Store;

/// <summary>Removes turns that have expired.</summary>
public interface ITurnRetention
{
    /// <summary>
    /// Removes turns whose last event is older than <paramref name="age"/> by the store's own clock and that no runner holds. A turn that can't be removed
    /// does not keep others from being removed; the first such failure is thrown at the end.
    /// </summary>
    Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken);
}
