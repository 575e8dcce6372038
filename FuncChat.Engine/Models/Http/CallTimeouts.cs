namespace FuncChat.Engine.Models.Http;

/// <summary>
/// One token for the three ways in which a model call is aborted: its caller cancels it, the upstream is silent for too long, or the call
/// lasts too long in total. Silence counts only while the call waits for the upstream, not for a slow client.
/// </summary>
internal sealed class CallTimeouts : IDisposable
{
    private readonly TimeSpan _idle;
    private readonly CancellationTokenSource _overall;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenRegistration _fromCaller;
    private readonly CancellationTokenRegistration _fromOverall;
    private readonly CancellationToken _caller;

    public CallTimeouts(TimeSpan idle, TimeSpan overall, TimeProvider time, CancellationToken caller)
    {
        _idle = idle;
        _caller = caller;
        _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _overall = new CancellationTokenSource(overall, time);
        _fromOverall = _overall.Token.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        _fromCaller = caller.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>The time is over, and the caller has not cancelled.</summary>
    public bool IsTimeOver => _stop.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>The time for the whole call is over.</summary>
    public bool IsOverallTimeOver => _overall.IsCancellationRequested;

    public void StartWaiting() => _stop.CancelAfter(_idle);

    public void StopWaiting() => _stop.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _fromCaller.Dispose();
        _fromOverall.Dispose();
        _overall.Dispose();
        _stop.Dispose();
    }
}
