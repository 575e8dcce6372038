namespace FuncChat.Engine.Models.Http;

/// <summary>
/// One token for the three ways in which a model call is aborted: its caller cancels it, the upstream is silent for too long, or the call
/// lasts too long in total. Silence counts only while the call waits for the upstream, not for a slow client.
/// </summary>
internal sealed class CallTimeouts : IDisposable
{
    /// <summary>The longest silence of a provider if no setting says otherwise.</summary>
    public static readonly TimeSpan DefaultIdle = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a call may take in total, retries included, if no setting says otherwise.</summary>
    public static readonly TimeSpan DefaultOverall = TimeSpan.FromMinutes(10);

    // A timer that is this late was held up with its process, as when a computer sleeps. What has arrived meanwhile is still in the socket.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeToRead = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _idle;
    private readonly TimeProvider _time;
    private readonly ITimer _idleTimer;
    private readonly CancellationTokenSource _overall;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenRegistration _fromCaller;
    private readonly CancellationTokenRegistration _fromOverall;
    private readonly CancellationToken _caller;

    // Changing the timer does not revoke a callback that is already queued: it may run after its wait, or during the next one.
    private readonly Lock _lock = new();
    private bool _isWaiting;
    private long _armedAt;
    private TimeSpan _armedFor;

    public CallTimeouts(TimeSpan idle, TimeSpan overall, TimeProvider time, CancellationToken caller)
    {
        _idle = idle;
        _time = time;
        _caller = caller;
        _stop = new CancellationTokenSource();
        _idleTimer = time.CreateTimer(static self => ((CallTimeouts)self!).OnIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _overall = new CancellationTokenSource(overall, time);
        _fromOverall = _overall.Token.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        _fromCaller = caller.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>The time is over, and the caller has not cancelled.</summary>
    public bool IsTimeOver => _stop.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>The time for the whole call is over.</summary>
    public bool IsOverallTimeOver => _overall.IsCancellationRequested;

    /// <summary>What a call fails with that was aborted.</summary>
    /// <param name="failure">How the call noticed it.</param>
    public Exception GivenUp(ProviderErrorMapper failures, Exception failure) =>
        IsTimeOver ? failures.TimedOut(this, failure) : new OperationCanceledException(failure.Message, failure, _caller);

    /// <summary>Waits before another try.</summary>
    public async Task DelayAsync(TimeSpan wait, ProviderErrorMapper failures)
    {
        try
        {
            await Task.Delay(wait, _time, Token);
        }
        catch (OperationCanceledException failure)
        {
            throw GivenUp(failures, failure);
        }
    }

    /// <param name="atMost">The longest silence of this wait where it is shorter than that of others.</param>
    public void StartWaiting(TimeSpan? atMost = null)
    {
        lock (_lock)
        {
            _isWaiting = true;
            Arm(atMost < _idle ? atMost.Value : _idle);
        }
    }

    /// <returns>How long the wait was.</returns>
    public TimeSpan StopWaiting()
    {
        lock (_lock)
        {
            _isWaiting = false;
            _idleTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return _time.GetElapsedTime(_armedAt);
        }
    }

    public void Dispose()
    {
        _fromCaller.Dispose();
        _fromOverall.Dispose();
        _idleTimer.Dispose();
        _overall.Dispose();
        _stop.Dispose();
    }

    private void Arm(TimeSpan time)
    {
        _armedAt = _time.GetTimestamp();
        _armedFor = time;
        _idleTimer.Change(time, Timeout.InfiniteTimeSpan);
    }

    private void OnIdle()
    {
        if (!CheckIdle())
            return;

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has ended meanwhile.
        }
    }

    // Whether the upstream was silent for too long. If not, the timer is set again. Cancels nothing itself: the callbacks of a cancellation must not run under the lock.
    private bool CheckIdle()
    {
        lock (_lock)
        {
            if (!_isWaiting)
                return false;
            var elapsed = _time.GetElapsedTime(_armedAt);
            if (elapsed < _armedFor)
            {
                // Rounded up, because a timer drops fractions of a millisecond and would fire again at once.
                var rest = TimeSpan.FromMilliseconds(Math.Ceiling((_armedFor - elapsed).TotalMilliseconds));
                _idleTimer.Change(rest, Timeout.InfiniteTimeSpan);
                return false;
            }

            if (elapsed < _armedFor + Late)
                return true;
            Arm(TimeToRead);
            return false;
        }
    }
}
