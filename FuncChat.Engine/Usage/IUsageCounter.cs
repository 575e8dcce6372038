namespace FuncChat.Engine.Usage;

/// <summary>Counts what users use. Instances that serve the same users share one.</summary>
public interface IUsageCounter
{
    /// <summary>Adds to a window's count. Callers may add concurrently. A window that has ended may be forgotten.</summary>
    /// <param name="amount">The amount to add: 0 only reads; a negative one takes back what was reserved.</param>
    /// <returns>The new count. A sum too large for the type stays at its maximum.</returns>
    ValueTask<long> AddAsync(UsageWindow window, long amount, CancellationToken cancellationToken);
}
