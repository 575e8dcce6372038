using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>A lock for each turn, and what its followers share. Entries last as long as they are used.</summary>
internal sealed class RemoteTurns(TurnStorage storage, TimeProvider time)
{
    /// <summary>Between two marks of a turn as followed here, however short its grace is.</summary>
    public static readonly TimeSpan ShortestMarkInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestMarkInterval = TimeSpan.FromSeconds(20);

    private readonly Dictionary<TurnKey, Entry> _entries = [];

    /// <summary>Returns a third of a turn's grace, so that a mark may come late.</summary>
    public static TimeSpan MarkIntervalOf(TimeSpan grace) =>
        TimeSpan.FromTicks(Math.Clamp(grace.Ticks / 3, ShortestMarkInterval.Ticks, LongestMarkInterval.Ticks));

    /// <summary>Returns the entry of a turn; <see cref="Release"/> it.</summary>
    public Entry Rent(TurnKey key)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(key, out var entry))
                _entries[key] = entry = new Entry(key, storage, time);
            entry.Users++;
            return entry;
        }
    }

    public void Release(Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Users > 0)
                return;
            _entries.Remove(entry.Key);
            entry.Dispose();
        }
    }

    internal sealed class Entry(TurnKey key, TurnStorage storage, TimeProvider time) : IDisposable
    {
        private long? _marked;
        private ITimer? _timer;
        private TimeSpan _interval;

        public TurnKey Key => key;

        public int Users { get; set; }

        /// <summary>Held while the turn is being continued.</summary>
        public SemaphoreSlim Lock { get; } = new(1, 1);

        /// <summary>When it was last tried to continue the turn.</summary>
        public long? LastAttempt { get; set; }

        public async Task MarkFollowedAsync(TimeSpan interval, CancellationToken cancellationToken)
        {
            lock (Lock)
            {
                if (_marked is { } marked && time.GetElapsedTime(marked) < interval)
                    return;
                _interval = interval;
                Arm();
            }

            await MarkAsync(cancellationToken);
        }

        public void Dispose()
        {
            lock (Lock)
                _timer?.Dispose();
        }

        private void OnTimer()
        {
            lock (Lock)
                Arm();
            _ = MarkAsync(CancellationToken.None);
        }

        private void Arm()
        {
            _marked = time.GetTimestamp();
            _timer ??= time.CreateTimer(static entry => ((Entry)entry!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }

        private async Task MarkAsync(CancellationToken cancellationToken)
        {
            try
            {
                await storage.MarkFollowedAsync(key, cancellationToken);
            }
            catch (TurnStoreException)
            {
                // The next mark follows soon; and if the store is away, reading from it fails too.
            }
        }
    }
}
