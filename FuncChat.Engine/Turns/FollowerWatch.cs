using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Counts the followers of a turn in this process, and reports when the turn has had none for the grace period, here or on another instance.
/// </summary>
internal sealed class FollowerWatch
{
    // Between two checks on a turn without followers, however short the grace is.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    // However short the grace is, the next mark of another instance may come later: marks have an interval of their own, and the store takes its time.
    private static readonly TimeSpan ShortestMarkLifetime = 5 * RemoteTurns.ShortestMarkInterval;

    private readonly Lock _lock = new();
    private readonly TurnKey _key;
    private readonly TurnStorage _storage;
    private readonly TimeSpan _grace;
    private readonly TimeSpan _interval;
    private readonly Func<bool> _inLongRun;
    private readonly Action _abandoned;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private string? _mark;
    private long _marked;
    private int _count;

    /// <param name="inLongRun">Whether the turn runs a tool that outlives its followers.</param>
    /// <param name="abandoned">Called when no client has followed the turn for the grace period.</param>
    public FollowerWatch(TurnKey key, TurnStorage storage, TimeSpan grace, Func<bool> inLongRun, Action abandoned, TimeProvider time)
    {
        _key = key;
        _storage = storage;
        _grace = grace;
        _interval = grace > ShortestInterval ? grace : ShortestInterval;
        _inLongRun = inLongRun;
        _abandoned = abandoned;
        _time = time;

        // Set when the last follower leaves: a caller that starts or continues a turn follows it, or stops it.
        _timer = time.CreateTimer(_ => _ = CheckAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => Volatile.Read(ref _count);

    public void Join()
    {
        lock (_lock)
        {
            _count++;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_count == 0)
                _timer.Change(_grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Reports nothing more.</summary>
    public ValueTask StopAsync() => _timer.DisposeAsync();

    private async Task CheckAsync()
    {
        lock (_lock)
        {
            if (_count > 0)
                return;
            if (_inLongRun())
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        var (known, mark) = await ReadMarkAsync();
        lock (_lock)
        {
            if (_count > 0)
                return;
            if (mark is not null && mark != _mark)
                (_mark, _marked) = (mark, _time.GetTimestamp());
            var wait = known ? TimeMarked() : _interval;
            if (wait > TimeSpan.Zero)
            {
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        _abandoned();
    }

    // How long the last mark that was seen keeps the turn alive.
    private TimeSpan TimeMarked() =>
        _mark is null ? TimeSpan.Zero : (_grace > ShortestMarkLifetime ? _grace : ShortestMarkLifetime) - _time.GetElapsedTime(_marked);

    // The mark of followers on other instances.
    private async Task<(bool Known, string? Mark)> ReadMarkAsync()
    {
        try
        {
            return (true, await _storage.FollowedMarkAsync(_key, CancellationToken.None));
        }
        catch (TurnStoreException)
        {
            return (false, _mark);
        }
    }
}
