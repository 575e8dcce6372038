using System.Threading.Tasks.Sources;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Follows a turn that runs in this process: from memory, and from the store while it is too far behind. Waiting allocates nothing, and the reader
/// continues on the thread that published, since a hop to another costs more than what it does (see performance.md).
/// </summary>
internal sealed class LiveFollower : TurnFollower, IValueTaskSource<FollowState>
{
    private readonly EventFeed _events;
    private readonly Func<CancellationToken, Task<ITurnReader?>> _open;
    private readonly TimeSpan _idleInterval;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer _idleTimer;
    private readonly Action _left;
    private readonly Lock _lock = new();
    private readonly FrameCheck _check = new(stopsAtEnd: true);
    private ManualResetValueTaskSourceCore<FollowState> _wait;
    private bool _waiting;
    private bool _idle;
    private bool _failed;
    private long _lastRead;

    // In memory: the offset of the next byte.
    private long _offset;

    // In the store, while it is not in memory: the id after which to read on, and how many bytes were read already.
    private bool _inStore;
    private long _afterId;
    private long _skip;
    private ITurnReader? _reader;
    private EventPage _first; // not checked yet
    private EventPage _page;

    /// <param name="after">The id of the event to begin after.</param>
    /// <param name="stored">The events after it, as far as they were read from the store already.</param>
    /// <param name="open">Opens the turn in the store, which few followers ever need.</param>
    /// <param name="left">Called when the reader leaves.</param>
    public LiveFollower(
        EventFeed events, long after, EventPage stored, Func<CancellationToken, Task<ITurnReader?>> open, TimeSpan idleInterval, TimeProvider time,
        Action left, CancellationToken cancellationToken)
    {
        _left = left;
        _events = events;
        _open = open;
        _afterId = after;
        _first = stored;
        _inStore = !stored.IsEmpty || !events.TryLocate(after, out _offset);
        _idleInterval = idleInterval;
        _time = time;
        _cancellationToken = cancellationToken;
        _lastRead = time.GetTimestamp();
        _idleTimer = time.CreateTimer(static state => ((LiveFollower)state!).OnIdleTimer(), this, idleInterval, Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.UnsafeRegister(static state => ((LiveFollower)state!).Wake(), this);
    }

    /// <summary>The offset from which memory is needed; 0 for as much as there may be.</summary>
    public long Offset => Volatile.Read(ref _inStore) ? 0 : Volatile.Read(ref _offset);

    public override ValueTask<FollowState> WaitAsync()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (TryGetState(out var state))
                return ValueTask.FromResult(state);
            _wait.Reset();
            _waiting = true;
            return new ValueTask<FollowState>(this, _wait.Version);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination)
    {
        var read = 0;
        if (!_inStore)
        {
            read = _events.Read(_offset, destination.Span, out var trimmed);
            if (trimmed)
            {
                (_afterId, _skip) = _events.Describe(_offset);
                Volatile.Write(ref _inStore, true);
            }
            else
            {
                Volatile.Write(ref _offset, _offset + read);
            }
        }

        if (_inStore)
            read = await ReadStoreAsync(destination);
        if (read > 0)
            _lastRead = _time.GetTimestamp();
        return read;
    }

    /// <summary>Wakes the reader if there is something to do.</summary>
    public void Wake()
    {
        FollowState state;
        lock (_lock)
        {
            if (!_waiting || !TryGetState(out state))
                return;
            _waiting = false;
        }

        // Outside of the lock: the reader continues from here.
        _wait.SetResult(state);
    }

    public override async ValueTask DisposeAsync()
    {
        _events.Remove(this);
        await _registration.DisposeAsync();
        await _idleTimer.DisposeAsync();
        if (_reader is not null)
            await _reader.DisposeAsync();
        _left();
    }

    FollowState IValueTaskSource<FollowState>.GetResult(short token)
    {
        var state = _wait.GetResult(token);
        _cancellationToken.ThrowIfCancellationRequested();
        return state;
    }

    ValueTaskSourceStatus IValueTaskSource<FollowState>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<FollowState>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private async ValueTask<int> ReadStoreAsync(Memory<byte> destination)
    {
        try
        {
            if (_page.IsEmpty && !await TryReadPageAsync())
                return 0;
        }
        catch (TurnStoreException e) when (e.Reason != TurnStoreFailure.Damaged)
        {
            // The stream ends, and the client follows again.
            _failed = true;
            return 0;
        }

        var read = Math.Min(_page.Frames.Length, destination.Length);
        _page.Frames[..read].CopyTo(destination);
        _page = _page with { Frames = _page.Frames[read..] };
        if (_page.IsEmpty)
            _afterId = _page.LastId;
        return read;
    }

    private async Task<bool> TryReadPageAsync()
    {
        if (!_first.IsEmpty)
        {
            (_page, _first) = (_check.ValidPart(_first, _afterId), default);
            return true;
        }

        if (_skip == 0 && TryReturnToMemory())
            return false;
        _reader ??= await _open(_cancellationToken) ?? throw new TurnStoreException(TurnStoreFailure.Unavailable, "The running turn is no longer stored.");
        while (true)
        {
            _page = _check.ValidPart(await _reader.ReadAsync(_afterId, _cancellationToken), _afterId);
            if (_page.IsEmpty)
                throw new TurnStoreException(TurnStoreFailure.Unavailable, "Events of the running turn are no longer stored.");
            var skipped = (int)Math.Min(_skip, _page.Frames.Length);
            _page = _page with { Frames = _page.Frames[skipped..] };
            _skip -= skipped;
            if (!_page.IsEmpty)
                return true;
            _afterId = _page.LastId;
        }
    }

    private bool TryReturnToMemory()
    {
        if (!_events.TryLocate(_afterId, out var offset))
            return false;
        Volatile.Write(ref _offset, offset);
        Volatile.Write(ref _inStore, false);
        return true;
    }

    private bool TryGetState(out FollowState state)
    {
        state = StoreState() ?? MemoryState();
        if (state != FollowState.Idle || _cancellationToken.IsCancellationRequested)
            return true;
        var idle = _idle;
        _idle = false;
        return idle;
    }

    // Null if the next bytes are in memory.
    private FollowState? StoreState() =>
        _failed ? FollowState.End
        : _inStore && (!_page.IsEmpty || !_first.IsEmpty || _skip > 0 || !TryReturnToMemory()) ? FollowState.Data
        : null;

    private FollowState MemoryState()
    {
        var (available, closed) = _events.StateAt(_offset);
        return available > 0 ? FollowState.Data : closed ? FollowState.End : FollowState.Idle;
    }

    private void OnIdleTimer()
    {
        // The timer is not touched for each event: it fires once an interval, and accounts for what was read since.
        var silent = _time.GetElapsedTime(_lastRead);
        if (silent >= _idleInterval)
        {
            _lastRead = _time.GetTimestamp();
            silent = TimeSpan.Zero;
            lock (_lock)
                _idle = true;
            Wake();
        }

        _idleTimer.Change(_idleInterval - silent, Timeout.InfiniteTimeSpan);
    }
}
