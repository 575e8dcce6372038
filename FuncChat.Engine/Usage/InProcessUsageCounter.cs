namespace FuncChat.Engine.Usage;

/// <summary>Counts in memory, for this process alone, until it exits.</summary>
/// <remarks>The limiters of System.Threading.RateLimiting use their own clock, and their counts can be neither read nor shared.</remarks>
internal sealed class InProcessUsageCounter(TimeProvider time) : IUsageCounter
{
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<UsageWindow, long> _counts = [];
    private DateTimeOffset _forgetAt = DateTimeOffset.MinValue;

    /// <summary>How many windows are kept.</summary>
    internal int Windows
    {
        get
        {
            lock (_lock)
                return _counts.Count;
        }
    }

    public ValueTask<long> AddAsync(UsageWindow window, long amount, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ForgetEnded();
            var count = UsageCount.Sum(_counts.GetValueOrDefault(window), amount);
            if (amount != 0)
                _counts[window] = count;
            return ValueTask.FromResult(count);
        }
    }

    private void ForgetEnded()
    {
        var now = time.GetUtcNow();
        if (now < _forgetAt)
            return;
        _forgetAt = now + ForgetInterval;
        foreach (var window in _counts.Keys.Where(window => window.End <= now).ToList())
            _counts.Remove(window);
    }
}
