using System.Runtime.CompilerServices;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Usage;

public sealed class UsageRollupTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly DateTimeOffset Start = new(2026, 3, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly SlowRollupStore _store = new();

    [Fact]
    public async Task Counts_are_written_while_the_roll_up_of_a_large_store_is_in_progress()
    {
        using var counter = UsageBench.CounterOf(_store, _time, Interval);
        using var service = ServiceOf(counter);
        await service.StartAsync(CancellationToken.None);
        await _store.RollingUp.WaitAsync();

        counter.Count("ada", _time.GetUtcNow(), [(UsageKind.Tokens, 5)], isLimited: true);
        _time.Advance(Interval);

        await _store.Written.WaitAsync();
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Roll_up_does_not_keep_the_totals_of_all_accounts_in_memory()
    {
        var store = new TotalsStore();

        await UsageRollup.RunAsync(store, Start, CancellationToken.None);

        Assert.InRange(store.KeptAtEnd, 0, TotalsStore.Count / 10);
    }

    private UsageSyncService ServiceOf(SharedUsageCounter counter) =>
        new(counter, _store, new UsageSyncOptions(Interval, Interval, Interval), _time, NullLogger<UsageSyncService>.Instance);

    /// <summary>A store whose records of past days take forever to list.</summary>
    private sealed class SlowRollupStore : IUsageStore
    {
        private readonly MemoryUsageStore _records = new();

        public ManualSignal RollingUp { get; } = new();

        public ManualSignal Written { get; } = new();

        public async Task WriteAsync(UsageRecord record, CancellationToken cancellationToken)
        {
            await _records.WriteAsync(record, cancellationToken);
            Written.Set();
        }

        public Task<bool> TryCreateAsync(UsageRecord record, CancellationToken cancellationToken) => _records.TryCreateAsync(record, cancellationToken);

        public Task<IReadOnlyList<UsageRecord>> ReadAsync(string account, DateTimeOffset after, CancellationToken cancellationToken) =>
            _records.ReadAsync(account, after, cancellationToken);

        public async IAsyncEnumerable<UsageRecord> ReadAllAsync(
            DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            RollingUp.Set();
            await new ManualSignal().WaitAsync(cancellationToken);
            yield break;
        }

        public Task RemoveAsync(UsageRecord record, CancellationToken cancellationToken) => _records.RemoveAsync(record, cancellationToken);
    }

    /// <summary>A store that has nothing but totals, and looks at the end of a list how many of them are still in memory.</summary>
    private sealed class TotalsStore : IUsageStore
    {
        public const int Count = 100;

        public int KeptAtEnd { get; private set; }

        public Task WriteAsync(UsageRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryCreateAsync(UsageRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<UsageRecord>> ReadAsync(string account, DateTimeOffset after, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<UsageRecord> ReadAllAsync(
            DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (from == DateTimeOffset.MinValue)
                yield break;
            var all = new List<WeakReference>();
            for (var number = 1; number <= Count; number++)
            {
                await Task.Yield();
                yield return Total($"user {number}", from, all);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            KeptAtEnd = all.Count(total => total.IsAlive);
        }

        public Task RemoveAsync(UsageRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        private static UsageRecord Total(string account, DateTimeOffset day, List<WeakReference> all)
        {
            var total = new UsageRecord(account, day, UsageRollup.Writer, new Dictionary<UsageWindow, long> { [UsageWindow.At(day, account, UsageKind.Tokens)] = 1 });
            all.Add(new WeakReference(total));
            return total;
        }
    }
}
