namespace FuncChat.Engine.Usage;

/// <summary>
/// Counts for all processes together. Each counts in memory, writes that to the store at an interval, and adds what it has read of the others, no
/// older than an interval: so a process may not know yet what the others have counted within the last two. What is only reported is written less often.
/// </summary>
/// <remarks>
/// A caller waits for one request at most, once per interval and account. What is limited by the day is read less often. While the store fails, no caller waits for it: each process
/// counts on with what it last read, and writes everything when the store is back.
/// </remarks>
public sealed class SharedUsageCounter(IUsageStore store, UsageStoreCircuit circuit, UsageSyncOptions options, TimeProvider time) : IUsageCounter, IDisposable
{
    private const int ParallelWrites = 16;

    // A caller that has just read an account's counts is about to add to them.
    private static readonly TimeSpan ShortestStay = TimeSpan.FromMinutes(1);

    private readonly string _writer = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AccountCounts> _accounts = new(StringComparer.Ordinal);

    /// <summary>How many accounts are kept in memory.</summary>
    internal int Accounts
    {
        get
        {
            lock (_lock)
                return _accounts.Count;
        }
    }

    public ValueTask<long> AddAsync(UsageWindow window, long amount, CancellationToken cancellationToken)
    {
        var maxAge = MaxAgeOf(window);
        lock (_lock)
        {
            var counts = CountsOf(window.Account);
            counts.Add(window, amount, time.GetUtcNow());
            if (IsFresh(counts, maxAge))
                return new(counts.Of(window));
        }

        return new(RefreshAsync());

        async Task<long> RefreshAsync()
        {
            await FreshAsync(window.Account, maxAge).WaitAsync(cancellationToken);
            lock (_lock)
                return CountsOf(window.Account).Of(window);
        }
    }

    public async ValueTask<bool> TryAddAsync(UsageWindow window, long amount, long limit, CancellationToken cancellationToken)
    {
        await FreshAsync(window.Account, MaxAgeOf(window)).WaitAsync(cancellationToken);
        lock (_lock)
        {
            var counts = CountsOf(window.Account);
            if (counts.Of(window) >= limit)
                return false;
            counts.Add(window, amount, time.GetUtcNow());
            return true;
        }
    }

    public void Count(string account, DateTimeOffset at, ReadOnlySpan<(UsageKind Kind, long Amount)> amounts, bool isLimited, string? call = null)
    {
        var dueAt = time.GetUtcNow() + (isLimited ? TimeSpan.Zero : options.ReportInterval);
        lock (_lock)
        {
            var counts = CountsOf(account);
            foreach (var (kind, amount) in amounts)
                counts.Add(UsageWindow.At(at, account, kind), amount, dueAt, call);
        }
    }

    public ValueTask AddOnceAsync(UsageWindow window, long amount, string id, CancellationToken cancellationToken)
    {
        lock (_lock)
            CountsOf(window.Account).AddOnce(window, amount, id, time.GetUtcNow());
        return ValueTask.CompletedTask;
    }

    public async ValueTask<long> SumAsync(string account, UsageKind kind, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await FreshAsync(account, options.ReadInterval).WaitAsync(cancellationToken);
        lock (_lock)
            return CountsOf(account).Sum(kind, from, to);
    }

    public void Dispose() => _writing.Dispose();

    public void Describe(string user, string name)
    {
        lock (_lock)
            CountsOf(user).Describe(name);
    }

    public async Task<IReadOnlyList<AccountUsage>> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await WriteAsync(cancellationToken);
        var now = time.GetUtcNow();
        var records = await store.ReadAllAsync(from, to, cancellationToken).ToListAsync(cancellationToken);
        return
        [
            .. from record in UsageRollup.WithoutRolledUp(records)
               group record by record.Account into account
               select new AccountUsage(
                   account.Key, account.OrderBy(record => record.Day).Select(record => record.Name).LastOrDefault(name => name is not null),
                   account.SelectMany(record => UsageReservations.CountsAt(record, now)).GroupBy(each => each.Key.Kind)
                       .ToDictionary(kind => kind.Key, kind => kind.Aggregate(0L, (sum, each) => UsageCount.Sum(sum, each.Value)))),
        ];
    }

    /// <summary>Writes everything that was counted since the last time.</summary>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return WriteAsync(counts => counts.ToWrite(now), cancellationToken);
    }

    /// <summary>Writes the accounts of which a count is due, and those whose reservations must be renewed.</summary>
    public Task WriteDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return WriteAsync(counts => counts.ToWriteDue(now), cancellationToken);
    }

    private async Task WriteAsync(Func<AccountCounts, IReadOnlyList<UnwrittenUsage>> toWrite, CancellationToken cancellationToken)
    {
        // Of two writes of one record, the later one must arrive last.
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await WriteAllAsync(Collect(toWrite), cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task WriteAllAsync(IReadOnlyList<UnwrittenUsage> writes, CancellationToken cancellationToken)
    {
        var failed = false;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(writes, parallel, async (write, token) =>
        {
            // One failure is enough to stop. What isn't written now is written the next time.
            if (Volatile.Read(ref failed))
                return;
            if (await circuit.TryAsync(within => store.WriteAsync(write.Record, within), token))
                Written(write);
            else
                Volatile.Write(ref failed, true);
        });
        Forget();
    }

    // What only counts towards a day is written once in a report interval.
    private TimeSpan MaxAgeOf(UsageWindow window) =>
        window.Kind == UsageKind.Requests || options.ReportInterval < options.ReadInterval ? options.ReadInterval : options.ReportInterval;

    // The counts of the current month: no older ones are asked for.
    private Task FreshAsync(string account, TimeSpan maxAge)
    {
        AccountCounts counts;
        TaskCompletionSource read;
        lock (_lock)
        {
            counts = CountsOf(account);
            if (IsFresh(counts, maxAge))
                return Task.CompletedTask;
            if (!counts.Reading.IsCompleted)
                return counts.Reading;
            read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            counts.Reading = read.Task;
        }

        return ReadAsync(counts, read);
    }

    private bool IsFresh(AccountCounts counts, TimeSpan maxAge) => time.GetUtcNow() - counts.ReadAt < maxAge || circuit.IsOpen;

    private async Task ReadAsync(AccountCounts counts, TaskCompletionSource read)
    {
        try
        {
            await circuit.TryAsync(
                async within =>
                {
                    var askedAt = time.GetUtcNow();
                    var records = await store.ReadAsync(counts.Account, UtcPeriod.MonthOf(askedAt), within);
                    lock (_lock)
                        counts.Take(records, askedAt);
                },
                CancellationToken.None);
        }
        finally
        {
            read.SetResult();
        }
    }

    private List<UnwrittenUsage> Collect(Func<AccountCounts, IReadOnlyList<UnwrittenUsage>> toWrite)
    {
        lock (_lock)
            return [.. _accounts.Values.SelectMany(toWrite)];
    }

    private void Written(UnwrittenUsage write)
    {
        lock (_lock)
            write.Account.Written(write);
    }

    private void Forget()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var counts in _accounts.Values)
            {
                if (counts.Forget(now) && now - counts.ReadAt > ShortestStay)
                    _accounts.Remove(counts.Account);
            }
        }
    }

    private AccountCounts CountsOf(string account)
    {
        if (!_accounts.TryGetValue(account, out var counts))
            _accounts[account] = counts = new AccountCounts(account, _writer);
        return counts;
    }
}
