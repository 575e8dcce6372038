namespace FuncChat.Engine.Usage;

/// <summary>Counts what users use. Where several instances serve the same users, they share one.</summary>
public interface IUsageCounter
{
    /// <summary>Adds to a window's count, from any number of callers at once. A window that has ended may be forgotten.</summary>
    /// <param name="amount">What is added; 0 only reads.</param>
    /// <returns>The count, with what was added.</returns>
    ValueTask<long> AddAsync(UsageWindow window, long amount, CancellationToken cancellationToken);
}
