using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// What the followers of one turn in this process share while the turn runs elsewhere: they mark it as followed, and try to continue it, together
/// rather than each.
/// </summary>
internal sealed class RemoteTurn(RemoteTurns.Entry entry, RemoteTurns owner, TimeSpan grace, Func<CancellationToken, Task<ContinuedTurn?>> tryContinue) : IDisposable
{
    private bool _disposed;

    /// <summary>
    /// Keeps the runner from ending the turn because no client follows it there: marks it as followed, and again at intervals until this is disposed,
    /// however slowly the client reads.
    /// </summary>
    public Task MarkFollowedAsync(CancellationToken cancellationToken) => entry.MarkFollowedAsync(RemoteTurns.MarkIntervalOf(grace), cancellationToken);

    /// <summary>Continues the turn here; null if another process runs it.</summary>
    public Task<ContinuedTurn?> TryContinueAsync(CancellationToken cancellationToken) => tryContinue(cancellationToken);

    public void Dispose()
    {
        if (!_disposed)
            owner.Release(entry);
        _disposed = true;
    }
}

/// <summary>A turn that runs here now.</summary>
/// <param name="Completion">Ends when a request that continued it may end; has ended if another one did.</param>
internal sealed record ContinuedTurn(RunningTurn Turn, Task Completion);

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
                _entries[key] = entry = new Entry(key, this);
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

    internal sealed class Entry(TurnKey key, RemoteTurns owner) : IDisposable
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
                if (_marked is { } marked && owner.ElapsedSince(marked) < interval)
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
            _marked = owner.Now;
            _timer ??= owner.CreateTimer(OnTimer);
            _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }

        private async Task MarkAsync(CancellationToken cancellationToken)
        {
            try
            {
                await owner.MarkAsync(key, cancellationToken);
            }
            catch (TurnStoreException)
            {
                // The next mark follows soon; and if the store is away, reading from it fails too.
            }
        }
    }

    private long Now => time.GetTimestamp();

    private TimeSpan ElapsedSince(long timestamp) => time.GetElapsedTime(timestamp);

    private ITimer CreateTimer(Action tick) => time.CreateTimer(_ => tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private Task MarkAsync(TurnKey key, CancellationToken cancellationToken) => storage.MarkFollowedAsync(key, cancellationToken);
}
