using System.Buffers;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Engine.Turns;

/// <summary>
/// A running turn's events: numbered, written as bytes once, kept in memory for close followers, and stored. One turn appends; any number of followers
/// read. An event is published once the store has confirmed it; with a write-behind store, text is published ahead.
/// </summary>
internal sealed class TurnEventWriter : IAsyncDisposable
{
    /// <summary>How many events may be published ahead of a write-behind store; a continued turn's ids start after them.</summary>
    public const long MaxEventsAhead = 10_000;

    // A frame's buffer larger than this is not kept for the next. A whole answer fits, whose buffer would be a large object each time.
    private const int MaxFrameBuffer = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _frame;

    private readonly Lock _lock = new();
    private readonly ITurnWriter _store;
    private readonly CancellationTokenSource _failed = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly SemaphoreSlim _storing = new(1, 1);
    private readonly List<ReadOnlyMemory<byte>> _blocks = [];
    private readonly EventWindow _window;
    private readonly ITimer? _batchTimer;
    private readonly TimeSpan _batchInterval;
    private LiveFollower[] _followers = []; // replaced, never changed: waking allocates nothing
    private long _publishedEnd;
    private long _storedEnd;
    private long _storeFirstEnd; // published only when stored up to here
    private long _storedId;
    private long _nextId;
    private long _countedId;
    private bool _batchDue;
    private bool _closed;

    /// <param name="store">The turn's writer; this disposes it.</param>
    /// <param name="lastId">The id after which to number: at least the last stored one.</param>
    /// <param name="batchInterval">How long text may wait for a write-behind store; null stores each event before it is published.</param>
    public TurnEventWriter(ITurnWriter store, long lastId, TimeSpan? batchInterval, TimeProvider time)
    {
        _store = store;
        _window = new EventWindow(store.LastEventId);
        _storedId = store.LastEventId;
        _countedId = lastId;
        _nextId = lastId + 1;
        if (batchInterval is not { } interval)
            return;
        _batchInterval = interval;
        _batchTimer = time.CreateTimer(_ => _ = StoreQuietlyAsync().AsTask(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called for each event that is appended, text apart.</summary>
    public Action<TurnEvent>? Appended { get; init; }

    /// <summary>Counts the events that are published.</summary>
    public EventCount? Events { get; init; }

    /// <summary>Why the turn could not be stored, once it could not.</summary>
    public TurnStoreException? Failure { get; private set; }

    /// <summary>Cancelled when the turn could not be stored. It can't continue here.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>How many bytes are kept in memory.</summary>
    public long Remembered
    {
        get
        {
            lock (_lock)
                return _window.Length - _window.Start;
        }
    }

    /// <summary>How many bytes were appended.</summary>
    public long BytesAppended
    {
        get
        {
            lock (_lock)
                return _window.Length;
        }
    }

    /// <summary>How many bytes wait to be stored.</summary>
    public long BytesToStore
    {
        get
        {
            lock (_lock)
                return _window.Length - _storedEnd;
        }
    }

    public void Append(TurnEvent turnEvent)
    {
        lock (_lock)
        {
            var frame = EmptyFrame();
            EventFrames.Write(frame, _nextId, turnEvent);
            _window.Append(frame.WrittenSpan, _nextId++);
            _storeFirstEnd = _window.Length;
        }

        Appended?.Invoke(turnEvent);
    }

    /// <inheritdoc cref="EventFrames.WriteText"/>
    public void AppendText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> escapedText)
    {
        lock (_lock)
        {
            var frame = EmptyFrame();
            EventFrames.WriteText(frame, _nextId, name, escapedText);
            _window.Append(frame.WrittenSpan, _nextId++);
        }
    }

    /// <summary>
    /// Publishes to the followers what was appended: as soon as it is stored or, if the store is write-behind and everything but text is stored, at
    /// once. So a crash loses text alone, which a <see cref="MessageResetEvent"/> voids. Never throws: a store that fails cancels <see cref="Failed"/>.
    /// </summary>
    public ValueTask PublishAsync()
    {
        if (_batchTimer is null)
            return StoreQuietlyAsync();
        long end;
        lock (_lock)
        {
            if (_storeFirstEnd > _storedEnd || _nextId - 1 - _storedId > MaxEventsAhead)
                return StoreQuietlyAsync();
            end = _window.Length;
            if (!_batchDue)
                _batchTimer.Change(_batchInterval, Timeout.InfiniteTimeSpan);
            _batchDue = true;
        }

        Publish(end);
        return ValueTask.CompletedTask;
    }

    /// <summary>Stores all that was appended, and publishes it.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public async ValueTask StoreAsync()
    {
        await _storing.WaitAsync();
        long end, id;
        try
        {
            if (Failure is not null)
                throw new TurnStoreException(Failure.Reason, Failure.Message, Failure);
            lock (_lock)
            {
                if (_batchDue)
                    _batchTimer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _batchDue = false;
                end = _window.Length;
                id = _nextId - 1;
                _window.CopyBlocks(_storedEnd, end, _blocks);
            }

            if (_blocks.Count > 0)
            {
                await _store.AppendAsync(new EventBatch(_blocks, _storedId, id), _abandoned.Token);
                Volatile.Write(ref _storedEnd, end);
                Volatile.Write(ref _storedId, id);
            }
        }
        catch (TurnStoreException e) when (Failure is null)
        {
            Failure = e;
            await _failed.CancelAsync();
            throw;
        }
        finally
        {
            _blocks.Clear();
            _storing.Release();
        }

        Publish(end);
    }

    /// <summary>Waits for the store no longer: an append that is in progress fails.</summary>
    public void Abandon() => _abandoned.Cancel();

    public void Add(LiveFollower follower)
    {
        lock (_lock)
            _followers = [.. _followers, follower];
    }

    public void Remove(LiveFollower follower)
    {
        lock (_lock)
            _followers = [.. _followers.Where(other => other != follower)];
    }

    /// <summary>Finds where the event after an id starts. False if it is in the store only.</summary>
    public bool TryLocate(long afterId, out long offset)
    {
        lock (_lock)
            return _window.TryLocate(afterId, out offset);
    }

    /// <inheritdoc cref="EventWindow.Describe"/>
    public (long AfterId, long Skip) Describe(long offset)
    {
        lock (_lock)
            return _window.Describe(offset);
    }

    /// <summary>Copies published bytes.</summary>
    /// <param name="trimmed">Whether the bytes at the offset are in the store only.</param>
    public int Read(long offset, Span<byte> destination, out bool trimmed)
    {
        lock (_lock)
        {
            trimmed = offset < _window.Start;
            return trimmed ? 0 : _window.Read(offset, _publishedEnd, destination);
        }
    }

    /// <summary>How many bytes a follower at this offset may read, and whether no more will come.</summary>
    public (long Available, bool Closed) StateAt(long offset)
    {
        lock (_lock)
            return (_publishedEnd - offset, _closed);
    }

    /// <summary>No more events come. Followers read what is published, and then their stream ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_batchTimer is not null)
            await _batchTimer.DisposeAsync();
        try
        {
            // A turn that is handed over stores its text too.
            await StoreQuietlyAsync();
        }
        finally
        {
            Close();
            await _store.DisposeAsync();
            _failed.Dispose();
            _abandoned.Dispose();
        }
    }

    private static ArrayBufferWriter<byte> EmptyFrame()
    {
        if (_frame is null or { Capacity: > MaxFrameBuffer })
            _frame = new ArrayBufferWriter<byte>(1024);
        _frame.ResetWrittenCount();
        return _frame;
    }

    private void Publish(long end)
    {
        LiveFollower[] followers;
        lock (_lock)
        {
            if (end <= _publishedEnd)
                return;
            _publishedEnd = end;
            Events?.Add(_nextId - 1 - _countedId);
            _countedId = _nextId - 1;
            var needed = _storedEnd;
            foreach (var follower in _followers)
                needed = Math.Min(needed, follower.Offset);
            _window.Trim(needed, _storedEnd);
            followers = _followers;
        }

        foreach (var follower in followers)
            follower.Wake();
    }

    private async ValueTask StoreQuietlyAsync()
    {
        try
        {
            await StoreAsync();
        }
        catch (TurnStoreException)
        {
            // Failed reports it.
        }
    }

    private void Close()
    {
        LiveFollower[] followers;
        lock (_lock)
        {
            _closed = true;
            followers = _followers;
        }

        foreach (var follower in followers)
            follower.Wake();
    }
}
