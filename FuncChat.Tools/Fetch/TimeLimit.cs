namespace FuncChat.Tools.Fetch;

/// <summary>A token that is canceled with the caller's token or when the time is up, and shows which of the two happened.</summary>
internal sealed class TimeLimit : IDisposable
{
    // A timer that is this late was held up with its process, as when a computer sleeps. What has arrived meanwhile is still in the socket.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeToRead = TimeSpan.FromSeconds(2);

    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _timeUp = new();
    private readonly CancellationTokenSource _either;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly long _started;
    private readonly TimeSpan _latest;
    private bool _isLate;

    public TimeLimit(TimeSpan time, TimeProvider clock, CancellationToken caller)
    {
        _caller = caller;
        _clock = clock;
        _started = clock.GetTimestamp();
        _latest = time + Late;
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeUp.Token, caller);
        _timer = clock.CreateTimer(static self => ((TimeLimit)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(time > TimeSpan.Zero ? time : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>The time is up, and the caller still waits.</summary>
    public bool Passed => _timeUp.IsCancellationRequested && !_caller.IsCancellationRequested;

    public void Dispose()
    {
        _timer.Dispose();
        _either.Dispose();
        _timeUp.Dispose();
    }

    private void OnTimer()
    {
        if (!_isLate && _clock.GetElapsedTime(_started) >= _latest)
        {
            _isLate = true;
            _timer.Change(TimeToRead, Timeout.InfiniteTimeSpan);
            return;
        }

        try
        {
            _timeUp.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work has ended meanwhile.
        }
    }
}
