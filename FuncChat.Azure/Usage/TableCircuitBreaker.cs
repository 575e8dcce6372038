using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Usage;

/// <summary>Asks the table, within a deadline, and knows whether it answers. Of each outage one warning is logged.</summary>
internal sealed partial class TableCircuitBreaker(TimeProvider time, ILogger<TableCircuitBreaker> logger)
{
    /// <summary>How long a turn may be held up by a table that doesn't answer.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private DateTimeOffset? _askAgainAt;

    /// <summary>Whether it failed when it was last asked.</summary>
    public bool IsOut
    {
        get
        {
            lock (_lock)
                return _askAgainAt is not null;
        }
    }

    /// <summary>Whether it failed so recently that no request should wait for it.</summary>
    public bool IsToBeLeft
    {
        get
        {
            lock (_lock)
                return time.GetUtcNow() < _askAgainAt;
        }
    }

    /// <returns>Whether the request has succeeded; its failure is logged, not thrown.</returns>
    public async Task<bool> TryAsync(Func<CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await request(either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(e);
            return false;
        }

        Answered();
        return true;
    }

    private void Failed(Exception exception)
    {
        lock (_lock)
        {
            var wasOut = _askAgainAt is not null;
            _askAgainAt = time.GetUtcNow() + Pause;
            if (wasOut)
                return;
        }

        LogOut(exception);
    }

    private void Answered()
    {
        lock (_lock)
        {
            if (_askAgainAt is null)
                return;
            _askAgainAt = null;
        }

        LogBack();
    }

    [LoggerMessage(501, LogLevel.Warning, "The table of the users' limits does not answer: until it does, this instance counts what it sees itself")]
    private partial void LogOut(Exception exception);

    [LoggerMessage(502, LogLevel.Information, "The table of the users' limits answers again")]
    private partial void LogBack();
}
