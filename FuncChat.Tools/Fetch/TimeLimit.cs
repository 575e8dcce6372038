namespace FuncChat.Tools.Fetch;

/// <summary>A token that is canceled with the caller's token or when the time is up, and shows which of the two happened.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    public TimeLimit(TimeSpan time, TimeProvider clock, CancellationToken caller)
    {
        _caller = caller;
        _timer = new CancellationTokenSource(time, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>The time is up, and the caller still waits.</summary>
    public bool Passed => _timer.IsCancellationRequested && !_caller.IsCancellationRequested;

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
