namespace FuncChat.Engine.Usage;

/// <summary>Counts in memory, for this process alone and as long as it lives.</summary>
/// <remarks>
/// The limiters of System.Threading.RateLimiting run on a clock of their own, and what they hold can't be shared or asked for; a count
/// for each window needs less.
/// </remarks>
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
            var count = _counts.GetValueOrDefault(window) + amount;
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
