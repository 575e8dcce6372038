namespace FuncChat.Engine.Store;

/// <summary>
/// Work of a service that runs every hour: due once a day, and the next time after it has failed. Processes that share a store do it once a day together: on Azure,
/// many start in a day, and few run for one.
/// </summary>
/// <param name="name">Its name among the work that processes share.</param>
/// <param name="shared">Null if each process does the work.</param>
public sealed class DailyWork(string name = "", IDoneWork? shared = null)
{
    // Less than a day and an hour: what the service does before takes more or less time.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes((24 * 60) - 10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(50);

    private DateTimeOffset? _due;

    /// <summary>Does the work if it is due.</summary>
    public async Task RunAsync(DateTimeOffset now, Func<Task> work, CancellationToken cancellationToken)
    {
        // A clock that was set back must not put the work off.
        if (_due is { } due && now < due && now >= due - Interval)
            return;
        _due = now + RetryInterval;
        if (shared is not null && await shared.FindAgeAsync(name, cancellationToken) is { } age && age < Interval)
        {
            _due = now + Interval - age;
            return;
        }

        await work();
        if (shared is not null)
            await shared.RecordAsync(name, cancellationToken);
        _due = now + Interval;
    }
}
