using System.Collections.Concurrent;
using Azure;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Support;

/// <summary>
/// A write-behind store: one instance's view of a <see cref="SharedMemory"/>. As a real one, it completes asynchronously, and fails with what an SDK throws.
/// </summary>
public sealed class MemoryTurnStore(SharedMemory store) : ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
{
    private readonly List<MemoryTurnWriter> _writers = [];
    private int _openReaders;

    public bool IsWriteBehind => true;

    /// <summary>The outage of the store, as each call meets it; null if there is none.</summary>
    public Func<Exception>? Outage { get; set; }

    /// <summary>The same for appends alone: the store is full.</summary>
    public Func<Exception>? AppendOutage { get; set; }

    /// <summary>The same for reads of a turn that is open.</summary>
    public Func<Exception>? ReadOutage { get; set; }

    /// <summary>The readers that are not disposed.</summary>
    public int OpenReaders => Volatile.Read(ref _openReaders);

    /// <summary>What acquiring the lease of a turn waits for.</summary>
    public Func<TurnKey, Task> Acquiring { get; set; } = _ => Task.CompletedTask;

    /// <summary>What appends wait for, once they have begun.</summary>
    public Task Appending { get; set; } = Task.CompletedTask;

    /// <summary>What counting an attempt to continue a turn waits for.</summary>
    public Task CountingAttempt { get; set; } = Task.CompletedTask;

    /// <summary>Set when an append has begun.</summary>
    public ManualSignal AppendBegan { get; } = new();

    /// <summary>The ids of the events that readers of this instance have returned, in order.</summary>
    public ConcurrentQueue<long> EventsRead { get; } = [];

    /// <summary>
    /// The instance dies: what it has not stored is lost, and its leases are free. Its writers fail from now on, as those of a process that the store no
    /// longer knows.
    /// </summary>
    public void Die()
    {
        foreach (var writer in _writers)
            writer.Lose();
    }

    public async Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        await CallAsync();
        var writer = new MemoryTurnWriter(this, store, key, 0);
        return store.TryAdd(key, new StoredTurn(header.ToArray()) { Writer = writer }) ? Kept(writer) : null;
    }

    public async Task<ITurnWriter?> TryAcquireAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await CallAsync();
        await Acquiring(key);
        return store.With(key, turn =>
        {
            if (turn is null or { Writer: not null })
                return null;
            var writer = new MemoryTurnWriter(this, store, key, turn.Events.Select(each => each.Id).LastOrDefault());
            turn.Writer = writer;
            return Kept(writer);
        });
    }

    public async Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await CallAsync();
        var reader = store.With(key, turn => turn is null ? null : new MemoryTurnReader(this, store, key, turn.Header));
        CountReader(reader is null ? 0 : 1);
        return reader;
    }

    public async Task SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken)
    {
        await CallAsync();
        store.With(key, turn =>
        {
            turn?.Signals.Add(signal);
            return turn;
        });
    }

    public ITurnInbox Open(TurnKey key) => new MemoryInbox(this, store, key);

    public async Task MarkFollowedAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await CallAsync();
        store.With(key, turn => turn is null ? 0 : ++turn.FollowedMarks);
    }

    public async Task<string?> FollowedMarkAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await CallAsync();
        return store.With(key, turn => turn is null or { FollowedMarks: 0 } ? null : $"{turn.FollowedMarks}");
    }

    // Tests ask for all or nothing: no turn is older than a year.
    public async Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await CallAsync();
        if (age <= TimeSpan.Zero)
            store.RemoveUnwritten();
    }

    public async Task<bool> RemoveAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await CallAsync();
        return store.TryRemove(key);
    }

    public Task CheckAsync(CancellationToken cancellationToken) => CallAsync();

    internal void CountReader(int change) => Interlocked.Add(ref _openReaders, change);

    internal async Task CallAsync()
    {
        await Task.Yield();
        if (Outage is { } outage)
            throw outage();
    }

    private ITurnWriter? Kept(MemoryTurnWriter writer)
    {
        lock (_writers)
            _writers.Add(writer);
        return writer;
    }

    private sealed class MemoryInbox(MemoryTurnStore owner, SharedMemory store, TurnKey key) : ITurnInbox
    {
        private int _read;

        public async ValueTask<IReadOnlyList<TurnSignal>> ReadAsync(CancellationToken cancellationToken)
        {
            await owner.CallAsync();
            var signals = store.With(key, turn => turn?.Signals.Skip(_read).ToList() ?? []);
            _read += signals.Count;
            return signals;
        }
    }
}

internal sealed class MemoryTurnReader(MemoryTurnStore owner, SharedMemory store, TurnKey key, ReadOnlyMemory<byte> header) : ITurnReader
{
    // A reader looks again without a change, as at a real store, to find that time has passed: a test may move its clock at any moment.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private Task? _change;
    private bool _disposed;

    public long HeaderLength => header.Length;

    public long Length => header.Length + store.With(key, turn => turn?.Events.Sum(each => (long)each.Frame.Length) ?? 0);

    public ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(CancellationToken cancellationToken) => new(header);

    public async ValueTask<EventPage> ReadAsync(long afterId, CancellationToken cancellationToken)
    {
        await owner.CallAsync();
        if (owner.ReadOutage is { } outage)
            throw outage();
        return store.With(key, turn =>
        {
            _change = turn?.Changed;
            var (lastId, last) = turn is { Events.Count: > 0 } ? turn.Events[^1] : default;
            var events = turn?.Events.Where(each => each.Id > afterId).ToList() ?? [];
            events.ForEach(each => owner.EventsRead.Enqueue(each.Id));
            return new EventPage(events.SelectMany(each => each.Frame).ToArray(), lastId, last is null ? TurnStatus.Running : StoredFrames.StatusAfter(last));
        });
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (!store.With(key, turn => turn is not null))
            throw new RequestFailedException(404, "The blob does not exist.");
        using var changed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_change ?? Task.CompletedTask, Task.Delay(Interval, TimeProvider.System, changed.Token));
        await changed.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    public ValueTask DisposeAsync()
    {
        owner.CountReader(_disposed ? 0 : -1);
        _disposed = true;
        return ValueTask.CompletedTask;
    }
}

internal sealed class MemoryTurnWriter(MemoryTurnStore owner, SharedMemory store, TurnKey key, long lastId) : ITurnWriter
{
    private bool _counted;

    public long LastEventId { get; private set; } = lastId;

    public async ValueTask AppendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        owner.AppendBegan.Set();
        await owner.CallAsync();
        if (owner.AppendOutage is { } outage)
            throw outage();
        await owner.Appending.WaitAsync(cancellationToken);
        var bytes = batch.Blocks.SelectMany(block => block.ToArray()).ToArray();
        var stored = store.Change(key, turn =>
        {
            if (turn?.Writer != this || batch.AfterId != LastEventId)
                return false;
            while (bytes.Length > 0)
            {
                var frame = bytes[..StoredFrames.FirstLength(bytes)];
                turn.Events.Add((StoredFrames.IdOf(frame), frame));
                bytes = bytes[frame.Length..];
            }

            return true;
        });
        if (!stored)
            throw new TurnStoreException(TurnStoreFailure.LeaseLost, "Another writer holds the turn's lease.");
        LastEventId = batch.LastId;
    }

    public async ValueTask<int> CountAttemptAsync(long progressId, CancellationToken cancellationToken)
    {
        await owner.CallAsync();
        await owner.CountingAttempt.WaitAsync(cancellationToken);
        _counted = true;
        return store.With(key, turn =>
        {
            turn!.Attempts = (progressId, turn.Attempts.ProgressId == progressId ? turn.Attempts.Attempts + 1 : 1);
            return turn.Attempts.Attempts;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        store.With(key, turn =>
        {
            if (_counted && turn?.Writer == this)
                turn.Attempts = turn.Attempts with { Attempts = turn.Attempts.Attempts - 1 };
            _counted = false;
            return turn;
        });
        Lose();
    }

    public void Lose() => store.Change(key, turn => turn?.Writer == this ? turn.Writer = null : null);
}
