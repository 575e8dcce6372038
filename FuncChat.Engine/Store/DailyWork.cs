namespace FuncChat.Engine.Store;

/// <summary>Work that is due once a day, and an hour after it has failed.</summary>
public sealed class DailyWork
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromHours(1);

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
