using System.Buffers;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Engine.Turns;

/// <summary>
/// A live turn's events: numbered, written as bytes once, kept in memory for those who follow closely, and stored in the log. One
/// turn appends; any number of followers read. Appended events are seen by nobody until they are published.
/// </summary>
internal sealed class TurnEventWriter : IAsyncDisposable
{
    /// <summary>How many events may be shown ahead of a batched store; a continued turn's ids begin behind them.</summary>
    public const long MaxEventsAhead = 10_000;

    // A frame's buffer larger than this is not kept for the next. A whole answer fits, whose buffer would be a large object each time.
    private const int MaxFrameBuffer = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _frame;

    private readonly Lock _lock = new();
    private readonly ITurnWriter _log;
    private readonly CancellationTokenSource _failed = new();
    private readonly SemaphoreSlim _storing = new(1, 1);
    private readonly List<ReadOnlyMemory<byte>> _blocks = [];
    private readonly EventWindow _window;
    private readonly ITimer? _batchTimer;
    private readonly TimeSpan _batchInterval;
    private LiveFollower[] _followers = []; // replaced, never changed: waking allocates nothing
    private long _publishedEnd;
    private long _storedEnd;
    private long _storedId;
    private long _nextId;
    private long _countedId;
    private bool _batchDue;
    private bool _storeFirst;
    private bool _closed;

    /// <param name="log">The log's writer; the journal disposes it.</param>
    /// <param name="lastId">The id of the last event in the log, 0 for a new turn.</param>
    /// <param name="batchInterval">How long events may wait for a batched store; null stores each before it is shown.</param>
    public TurnEventWriter(ITurnWriter log, long lastId, TimeSpan? batchInterval, TimeProvider time)
    {
        _log = log;
        _window = new EventWindow(log.Length);
        _publishedEnd = _storedEnd = log.Length;
        _storedId = lastId;
        FirstOffset = lastId == 0 ? log.Length : null;
        _countedId = lastId;
        _nextId = lastId + 1;
        if (batchInterval is not { } interval)
            return;
        _batchInterval = interval;
        _batchTimer = time.CreateTimer(_ => _ = StoreQuietlyAsync().AsTask(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told of each event that is appended, text apart.</summary>
    public Action<TurnEvent>? Appended { get; init; }

    /// <summary>Counts the events that are shown.</summary>
    public EventCount? Events { get; init; }

    /// <summary>Where the turn's first event stands, where this journal wrote it.</summary>
    public long? FirstOffset { get; }

    /// <summary>Why the log could not be written, once it could not.</summary>
    public TurnStoreException? Failure { get; private set; }

    /// <summary>Cancelled when the log could not be written. The turn can't go on here.</summary>
    public CancellationToken Failed => _failed.Token;

    public void Append(TurnEvent turnEvent)
    {
        lock (_lock)
        {
            var frame = EmptyFrame();
            EventFrames.Write(frame, _nextId++, turnEvent);
            _window.Append(frame.WrittenSpan);
            _storeFirst = true;
        }

        Appended?.Invoke(turnEvent);
    }

    /// <inheritdoc cref="EventFrames.WriteText"/>
    public void AppendText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> escapedText)
    {
        lock (_lock)
        {
            var frame = EmptyFrame();
            EventFrames.WriteText(frame, _nextId++, name, escapedText);
            _window.Append(frame.WrittenSpan);
        }
    }

    /// <summary>
    /// Shows to the followers what was appended: as soon as it is stored, or, where the store is batched and nothing but text was appended, at
    /// once. So a crash loses text alone, and a <see cref="MessageResetEvent"/> makes up for it. Never throws: a log that can't be written cancels
    /// <see cref="Failed"/>.
    /// </summary>
    public ValueTask PublishAsync()
    {
        if (_batchTimer is null || _storeFirst || _nextId - 1 - Volatile.Read(ref _storedId) > MaxEventsAhead)
            return StoreQuietlyAsync();
        Show(_window.Length);
        lock (_lock)
        {
            if (!_batchDue)
                _batchTimer.Change(_batchInterval, Timeout.InfiniteTimeSpan);
            _batchDue = true;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Stores all that was appended, and shows it. A step's end is seen only when it is stored.</summary>
    /// <exception cref="TurnStoreException">The log could not be written.</exception>
    public async ValueTask StoreAsync()
    {
        await _storing.WaitAsync();
        long end, id;
        try
        {
            if (Failure is not null)
                throw Failure;
            lock (_lock)
            {
                _batchDue = false;
                _storeFirst = false;
                end = _window.Length;
                id = _nextId - 1;
                _window.CopyBlocks(_storedEnd, end, _blocks);
            }

            if (_blocks.Count > 0)
                await _log.AppendAsync(_blocks, CancellationToken.None);
            _storedEnd = end;
            Volatile.Write(ref _storedId, id);
        }
        catch (TurnStoreException e)
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

        Show(end);
    }

    public void Add(LiveFollower follower)
    {
        lock (_lock)
            _followers = [.. _followers, follower];
    }

    /// <summary>Copies published bytes. Where memory does not reach back to the offset, tells how many the log has.</summary>
    public int Read(long offset, Span<byte> destination, out long inLog)
    {
        lock (_lock)
        {
            var remembered = offset >= _window.Start;
            inLog = remembered ? 0 : _window.Start - offset;
            return remembered ? _window.Read(offset, _publishedEnd, destination) : 0;
        }
    }

    /// <summary>How many bytes are kept in memory.</summary>
    public long Remembered
    {
        get
        {
            lock (_lock)
                return _window.Length - _window.Start;
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

    /// <summary>How many bytes a follower at this offset may read, and whether that is all there will be.</summary>
    public (long Available, bool Closed) StateAt(long offset)
    {
        lock (_lock)
            return (_publishedEnd - offset, _closed);
    }

    public void Remove(LiveFollower follower)
    {
        lock (_lock)
            _followers = [.. _followers.Where(other => other != follower)];
    }

    public ValueTask<bool> IsStopRequestedAsync(CancellationToken cancellationToken) => _log.IsStopRequestedAsync(cancellationToken);

    /// <summary>No more events come. Followers read what there is, and then their stream ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_batchTimer is not null)
            await _batchTimer.DisposeAsync();
        try
        {
            // What a turn has said that only leaves is stored too.
            await StoreQuietlyAsync();
        }
        finally
        {
            Close();
            await _log.DisposeAsync();
            _failed.Dispose();
        }
    }

    private static ArrayBufferWriter<byte> EmptyFrame()
    {
        if (_frame is null or { Capacity: > MaxFrameBuffer })
            _frame = new ArrayBufferWriter<byte>(1024);
        _frame.ResetWrittenCount();
        return _frame;
    }

    private void Show(long end)
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
            // Said by Failed.
        }
    }

    // Followers read what was shown; then their stream ends.
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
