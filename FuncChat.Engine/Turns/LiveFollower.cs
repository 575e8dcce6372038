using System.Threading.Tasks.Sources;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Follows a turn that runs in this process: from memory, and from the log while it is too far behind. Waiting allocates nothing, and
/// the reader goes on right on the thread that published, since a hop to another costs more than what it does (see performance.md).
/// </summary>
internal sealed class LiveFollower : TurnFollower, IValueTaskSource<FollowState>
{
    private readonly TurnEventWriter _journal;
    private readonly Func<CancellationToken, Task<ITurnReader?>> _openLog;
    private readonly TimeSpan _idleInterval;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer _idleTimer;
    private readonly Action _left;
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<FollowState> _wait;
    private ITurnReader? _log;
    private bool _waiting;
    private bool _idle;
    private long _offset;
    private long _lastRead;

    /// <param name="openLog">Opens the turn's log, which few followers ever need.</param>
    /// <param name="left">Called when the reader leaves.</param>
    public LiveFollower(
        TurnEventWriter journal, Func<CancellationToken, Task<ITurnReader?>> openLog, long offset, TimeSpan idleInterval, TimeProvider time,
        Action left, CancellationToken cancellationToken)
    {
        _left = left;
        _journal = journal;
        _openLog = openLog;
        _offset = offset;
        _idleInterval = idleInterval;
        _time = time;
        _cancellationToken = cancellationToken;
        _lastRead = time.GetTimestamp();
        _idleTimer = time.CreateTimer(static state => ((LiveFollower)state!).OnIdleTimer(), this, idleInterval, Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.UnsafeRegister(static state => ((LiveFollower)state!).Wake(), this);
    }

    /// <summary>The offset of the next byte to read.</summary>
    public long Offset => Volatile.Read(ref _offset);

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
        var read = _journal.Read(_offset, destination.Span, out var inLog);
        if (inLog > 0)
            read = await ReadLogAsync(destination[..(int)Math.Min(inLog, destination.Length)]);
        if (read > 0)
            _lastRead = _time.GetTimestamp();
        Volatile.Write(ref _offset, _offset + read);
        return read;
    }

    /// <summary>Looks again whether there is something to do, and lets the reader go on if there is.</summary>
    public void Wake()
    {
        FollowState state;
        lock (_lock)
        {
            if (!_waiting || !TryGetState(out state))
                return;
            _waiting = false;
        }

        // Outside of the lock: the reader runs on from here.
        _wait.SetResult(state);
    }

    public override async ValueTask DisposeAsync()
    {
        _journal.Remove(this);
        await _registration.DisposeAsync();
        await _idleTimer.DisposeAsync();
        if (_log is not null)
            await _log.DisposeAsync();
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

    private async ValueTask<int> ReadLogAsync(Memory<byte> destination)
    {
        _log ??= await _openLog(_cancellationToken) ?? throw new InvalidOperationException("The log of a live turn is gone.");
        return await _log.ReadAsync(_offset, destination, _cancellationToken);
    }

    private bool TryGetState(out FollowState state)
    {
        var (available, closed) = _journal.StateAt(_offset);
        state = available > 0 ? FollowState.Data : closed ? FollowState.End : FollowState.Idle;
        if (state != FollowState.Idle || _cancellationToken.IsCancellationRequested)
            return true;
        var idle = _idle;
        _idle = false;
        return idle;
    }

    private void OnIdleTimer()
    {
        // The timer is not touched for each event: it comes once an interval, and is put off by what was read since.
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
