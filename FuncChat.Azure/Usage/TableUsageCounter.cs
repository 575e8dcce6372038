using FuncChat.Engine.Usage;

namespace FuncChat.Azure.Usage;

/// <summary>
/// Counts for all instances together. Each counts in memory, writes that to the table at an interval, and adds what it has read of the others, no
/// older than that interval: so an instance may not know yet what the others have counted within the last two.
/// </summary>
/// <remarks>
/// A caller waits for one request at most, once per interval and user. While the table fails, no caller waits for it: each instance
/// counts on with what it last read, and writes everything when the table is back.
/// </remarks>
internal sealed class TableUsageCounter(UsageTable table, TableCircuitBreaker reach, TimeSpan interval, TimeProvider time) : IUsageCounter
{
    private const int ParallelWrites = 16;

    // A caller that has just read a user's counts is about to add to them.
    private static readonly TimeSpan ShortestStay = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, UserUsage> _users = new(StringComparer.Ordinal);

    /// <summary>How many users are kept in memory.</summary>
    internal int Users
    {
        get
        {
            lock (_lock)
                return _users.Count;
        }
    }

    public async ValueTask<long> AddAsync(UsageWindow window, long amount, CancellationToken cancellationToken)
    {
        await FreshAsync(window.User).WaitAsync(cancellationToken);
        lock (_lock)
            return UsageOf(window.User).Add(window, amount);
    }

    /// <summary>Writes what was counted since the last time. One call follows another.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var failed = false;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ToWrite(), parallel, async (write, token) =>
        {
            // One failure is enough to stop. What isn't written now is written the next time.
            if (Volatile.Read(ref failed))
                return;
            if (await reach.TryAsync(within => table.WriteAsync(write.Usage.User, write.Counts, within), token))
                Written(write);
            else
                Volatile.Write(ref failed, true);
        });
        Forget();
    }

    private Task FreshAsync(string user)
    {
        lock (_lock)
        {
            var usage = UsageOf(user);
            if (time.GetUtcNow() - usage.ReadAt < interval || reach.IsToBeLeft)
                return Task.CompletedTask;
            if (usage.Reading.IsCompleted)
                usage.Reading = Task.Run(() => ReadAsync(usage));
            return usage.Reading;
        }
    }

    private Task ReadAsync(UserUsage usage) => reach.TryAsync(
        async within =>
        {
            var askedAt = time.GetUtcNow();
            var others = await table.ReadOthersAsync(usage.User, within);
            lock (_lock)
                usage.TakeOthers(others, askedAt);
        },
        CancellationToken.None);

    private List<UsageToWrite> ToWrite()
    {
        lock (_lock)
            return [.. _users.Values.Where(usage => !usage.IsWritten).Select(usage => usage.ToWrite())];
    }

    private void Written(UsageToWrite write)
    {
        lock (_lock)
            write.Usage.Written(write);
    }

    private void Forget()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var usage in _users.Values)
            {
                if (usage.Forget(now) && now - usage.ReadAt > ShortestStay)
                    _users.Remove(usage.User);
            }
        }
    }

    private UserUsage UsageOf(string user)
    {
        if (!_users.TryGetValue(user, out var usage))
            _users[user] = usage = new UserUsage(user);
        return usage;
    }
}
