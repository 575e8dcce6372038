namespace FuncChat.Engine.Store;

/// <summary>Work of a service that runs every hour: due once a day, and the next time after it has failed.</summary>
public sealed class DailyWork
{
    // Less than a day and an hour: what the service does before takes more or less time.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes((24 * 60) - 10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(50);

    private DateTimeOffset? _due;

    /// <summary>Does the work if it is due.</summary>
    public async Task RunAsync(DateTimeOffset now, Func<Task> work)
    {
        // A clock that was set back must not put the work off.
        if (_due is { } due && now < due && now >= due - Interval)
            return;
        _due = now + RetryInterval;
        await work();
        _due = now + Interval;
    }
}
