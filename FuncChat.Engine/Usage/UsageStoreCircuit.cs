using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Usage;

/// <summary>Calls the usage store within a deadline, and knows whether it answers. Each outage is logged with one warning.</summary>
public sealed partial class UsageStoreCircuit(TimeProvider time, ILogger<UsageStoreCircuit> logger)
{
    /// <summary>How long a turn waits for a store that does not answer.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private DateTimeOffset? _askAgainAt;

    /// <summary>Whether the store failed when it was last called.</summary>
    public bool IsOut
    {
        get
        {
            lock (_lock)
                return _askAgainAt is not null;
        }
    }

    /// <summary>Whether the store failed so recently that no request should wait for it.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return time.GetUtcNow() < _askAgainAt;
        }
    }

    /// <returns>Whether the request succeeded. A failure is logged, not thrown.</returns>
    public async Task<bool> TryAsync(Func<CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await request(either.Token).WaitAsync(either.Token);
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

    [LoggerMessage(501, LogLevel.Warning, "The store of usage counts does not answer. Until it does, this instance applies the limits to what it counts itself")]
    private partial void LogOut(Exception exception);

    [LoggerMessage(502, LogLevel.Information, "The store of usage counts answers again")]
    private partial void LogBack();
}
