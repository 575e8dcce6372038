using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Usage;

/// <summary>Processes that count in one store, whatever it is.</summary>
public abstract class UsageStoreContract
{
    private const string Ada = "https://issuer.test ada";

    private static readonly DateTimeOffset Start = new(2026, 3, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly List<SharedUsageCounter> _processes = [];

    /// <summary>The store, as another process opens it.</summary>
    protected abstract IUsageStore Open();

    [Fact]
    public async Task Counts_survive_a_restart()
    {
        await AddAsync(StartProcess(), UsageKind.Cost, 7);
        await WriteAsync();

        Assert.Equal(10, await AddAsync(StartProcess(), UsageKind.Cost, 3));
    }

    [Fact]
    public async Task Month_is_the_sum_of_its_days_over_all_processes()
    {
        var (one, two) = (StartProcess(), StartProcess());
        await AddAsync(one, UsageKind.Tokens, 1);
        await AddAsync(two, UsageKind.Tokens, 20);
        await PassDaysAsync(1);
        await AddAsync(one, UsageKind.Tokens, 300);
        await PassDaysAsync(0);

        Assert.Equal(321, await MonthAsync(one));
        Assert.Equal(321, await MonthAsync(two));
        await PassDaysAsync(1);
        Assert.Equal(0, await MonthAsync(one));
    }

    [Fact]
    public async Task Roll_up_of_past_days_changes_no_sum_and_leaves_one_record_a_day()
    {
        _time.SetUtcNow(Start.AddMonths(1).AddDays(-28));
        var (one, two) = (StartProcess(), StartProcess());
        for (var day = 0; day < 6; day++)
        {
            await AddAsync(one, UsageKind.Tokens, 1);
            await AddAsync(two, UsageKind.Tokens, 10);
            await AddAsync(two, UsageKind.Requests, 10);
            await PassDaysAsync(1);
        }

        await UsageRollup.RunAsync(Open(), _time.GetUtcNow(), CancellationToken.None);
        await PassDaysAsync(0);

        Assert.Equal((66, 66, 66), (await MonthAsync(one), await MonthAsync(two), await MonthAsync(StartProcess())));
        var old = await Open().ReadAllAsync(DateTimeOffset.UnixEpoch, DayOf(_time.GetUtcNow()).AddDays(-3), CancellationToken.None).ToListAsync();
        Assert.Equal(3, old.Count);
        Assert.All(old, record => Assert.Equal(UsageRollup.Writer, record.Writer));
    }

    [Fact]
    public async Task Roll_up_that_was_interrupted_counts_nothing_twice()
    {
        _time.SetUtcNow(Start.AddMonths(1).AddDays(-28));
        await AddAsync(StartProcess(), UsageKind.Tokens, 5);
        await PassDaysAsync(5);
        var record = Assert.Single(await Open().ReadAsync(Ada, DateTimeOffset.UnixEpoch, CancellationToken.None));

        // It was interrupted before it removed what it had added up.
        Assert.True(await Open().TryCreateAsync(record with { Writer = UsageRollup.Writer }, CancellationToken.None));

        Assert.Equal(5, await MonthAsync(StartProcess()));
        Assert.False(await Open().TryCreateAsync(record with { Writer = UsageRollup.Writer }, CancellationToken.None));
        await UsageRollup.RunAsync(Open(), _time.GetUtcNow(), CancellationToken.None);
        Assert.Equal(5, await MonthAsync(StartProcess()));
    }

    [Theory]
    [InlineData("ada", true)]
    [InlineData("ada", false)]
    [InlineData("bob", true)]
    [InlineData("bob", false)]
    public async Task Records_of_an_account_that_the_store_does_not_change_keep_no_other_from_expiring(string stuck, bool creates)
    {
        var (past, expired) = (DayOf(Start.AddDays(-5)), DayOf(Start.AddDays(-500)));
        foreach (var account in new[] { "ada", "bob" })
        {
            foreach (var (day, writer) in new[] { (past, "one"), (past, "two"), (expired, "one"), (expired, "two") })
            {
                var counts = new Dictionary<UsageWindow, long> { [UsageWindow.At(day, account, UsageKind.Tokens)] = 5 };
                await Open().WriteAsync(new UsageRecord(account, day, writer, counts), CancellationToken.None);
            }
        }

        var store = new StuckUsageStore(Open(), record => record.Account == stuck && record.Writer != "two", creates);
        await Assert.ThrowsAsync<IOException>(() => UsageRollup.RunAsync(store, Start, CancellationToken.None));

        var left = await Open().ReadAllAsync(DateTimeOffset.MinValue, Start, CancellationToken.None).ToListAsync();
        var other = Assert.Single(left, record => record.Account != stuck);
        Assert.Equal((past, UsageRollup.Writer, 10), (other.Day, other.Writer, other.Counts.Values.Single()));
        Assert.DoesNotContain(left, record => record.Account == stuck && record.Day == expired && record.Writer == "two");
    }

    [Fact]
    public async Task Call_that_ends_on_the_next_day_is_added_to_the_count_of_its_day()
    {
        var one = StartProcess();
        var started = UsageWindow.At(_time.GetUtcNow(), Ada, UsageKind.Tokens);
        await one.AddAsync(started, 100, CancellationToken.None);
        await PassDaysAsync(1);
        await PassDaysAsync(0);

        await one.AddAsync(started, -30, CancellationToken.None);
        await PassDaysAsync(0);

        Assert.Equal((70, 70), (await MonthAsync(one), await MonthAsync(StartProcess())));
    }

    [Fact]
    public async Task What_is_added_once_counts_once_whichever_process_adds_it()
    {
        var (one, two) = (StartProcess(), StartProcess());
        var window = UsageWindow.At(_time.GetUtcNow(), Ada, UsageKind.RaisedCostPerMonth);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await one.AddOnceAsync(window, 50, "raise1", CancellationToken.None);
            Assert.Equal(50, await SumAsync(one, UsageKind.RaisedCostPerMonth));
            await PassDaysAsync(0);
            await two.AddOnceAsync(window, 50, "raise1", CancellationToken.None);
            await PassDaysAsync(0);
        }

        await two.AddOnceAsync(window, 1, "raise2", CancellationToken.None);
        await PassDaysAsync(0);
        Assert.Equal((51, 51), (await SumAsync(one, UsageKind.RaisedCostPerMonth), await SumAsync(two, UsageKind.RaisedCostPerMonth)));
        Assert.Equal(51, await SumAsync(StartProcess(), UsageKind.RaisedCostPerMonth));
    }

    [Fact]
    public async Task Reservation_of_a_process_that_is_killed_expires_and_its_call_counts_as_one_that_failed()
    {
        var (killed, other) = (StartProcess(), StartProcess());
        var reservation = await ReserveAsync(killed);
        await killed.WriteAsync(CancellationToken.None);
        _processes.Remove(killed);

        Assert.Equal(reservation.Tokens, await MonthAsync(other));
        _time.Advance(UsageReservations.Lifetime - Interval);
        Assert.Equal(reservation.Tokens, await MonthAsync(other));
        _time.Advance(Interval);

        Assert.Equal(reservation.Input, await MonthAsync(other));
        Assert.Equal(reservation.CostOf(0), await SumAsync(other, UsageKind.Cost));
        Assert.Equal((reservation.Input, reservation.CostOf(0)), (await MonthAsync(StartProcess()), await SumAsync(StartProcess(), UsageKind.Cost)));
        var report = Assert.Single(await other.ReadAllAsync(DayOf(Start), DayOf(Start).AddDays(1), CancellationToken.None), account => account.Account == Ada);
        Assert.Equal((reservation.Input, reservation.CostOf(0)), (report.Counts[UsageKind.Tokens], report.Counts[UsageKind.Cost]));
    }

    [Fact]
    public async Task Call_that_a_killed_process_held_the_rest_of_a_limit_for_is_repeated_at_once()
    {
        var budgets = new BudgetOptions { UserTokensPerMonth = 3000 };
        var (killed, next) = (StartProcess(), StartProcess());
        var (first, _) = await ReserveWithinAsync(killed, budgets, "call1");
        await killed.WriteAsync(CancellationToken.None);
        _processes.Remove(killed);

        var (other, shortage) = await ReserveWithinAsync(next, budgets, "call2");
        var (repeated, _) = await ReserveWithinAsync(next, budgets, "call1");

        Assert.Equal((3000, null), (first!.Tokens, other));
        Assert.NotNull(shortage);
        Assert.Equal(3000 - first.Input, repeated!.Tokens);
        repeated.Succeed(new ModelUsage(30, 7), answerBytes: 1);
        Assert.Equal(first.Input + 37, await MonthAsync(next));

        // Of what is read again, the same is left out.
        _time.Advance(Interval);
        Assert.Equal(first.Input + 37, await MonthAsync(next));
        _time.Advance(UsageReservations.Lifetime);
        Assert.Equal(first.Input + 37, await MonthAsync(next));
        Assert.Equal(first.Input + 37, await MonthAsync(StartProcess(), afterWrite: true));
    }

    [Fact]
    public async Task Call_that_is_handed_over_counts_once_before_its_first_process_has_written_its_end()
    {
        var budgets = new BudgetOptions { UserTokensPerMonth = 3000 };
        var (one, two) = (StartProcess(), StartProcess());
        var (first, _) = await ReserveWithinAsync(one, budgets, "call1");
        await one.WriteAsync(CancellationToken.None);
        first!.Release();

        var (repeated, _) = await ReserveWithinAsync(two, budgets, "call1");
        repeated!.Succeed(new ModelUsage(30, 7), answerBytes: 1);
        await PassDaysAsync(0);

        Assert.Equal((37, 37), (await MonthAsync(one), await MonthAsync(two)));
    }

    [Fact]
    public async Task Reservation_of_a_process_that_is_killed_is_not_in_the_total_of_its_day()
    {
        _time.SetUtcNow(Start.AddMonths(1).AddDays(-28));
        var reservation = await ReserveAsync(StartProcess());
        await WriteAsync();
        _processes.Clear();
        _time.Advance(TimeSpan.FromDays(5));

        await UsageRollup.RunAsync(Open(), _time.GetUtcNow(), CancellationToken.None);

        Assert.Equal(reservation.Input, await MonthAsync(StartProcess()));
    }

    [Fact]
    public async Task Reservation_counts_for_as_long_as_the_call_takes_and_then_what_the_call_used()
    {
        var (calling, other) = (StartProcess(), StartProcess());
        var reservation = await ReserveAsync(calling);
        await calling.WriteDueAsync(CancellationToken.None);
        for (var minute = 0; minute < 12; minute++)
        {
            _time.Advance(UsageReservations.RenewalInterval);
            await calling.WriteDueAsync(CancellationToken.None);
        }

        Assert.Equal((reservation.Tokens, reservation.Tokens), (await MonthAsync(calling), await MonthAsync(other)));
        reservation.Succeed(new ModelUsage(30, 7), answerBytes: 1);
        _time.Advance(Interval);
        await calling.WriteDueAsync(CancellationToken.None);
        _time.Advance(UsageReservations.Lifetime);

        Assert.Equal((37, 37, 37), (await MonthAsync(calling), await MonthAsync(other), await MonthAsync(StartProcess())));
    }

    [Fact]
    public async Task Report_has_every_account_of_the_days_with_its_name()
    {
        var (one, two) = (StartProcess(), StartProcess());
        one.Describe(Ada, "ada@example.com");
        await AddAsync(one, UsageKind.Tokens, 1);
        await AddAsync(two, UsageKind.Tokens, 2);
        await two.AddAsync(UsageWindow.At(_time.GetUtcNow(), "key bot", UsageKind.ToolRuns), 4, CancellationToken.None);
        await PassDaysAsync(1);
        await AddAsync(two, UsageKind.Tokens, 30);
        await PassDaysAsync(0);

        var all = await one.ReadAllAsync(DayOf(Start), DayOf(Start).AddDays(1), CancellationToken.None);

        Assert.Equal(2, all.Count);
        var ada = all.Single(account => account.Account == Ada);
        Assert.Equal(("ada@example.com", 3), (ada.Name, ada.Counts[UsageKind.Tokens]));
        Assert.Equal(4, all.Single(account => account.Account == "key bot").Counts[UsageKind.ToolRuns]);
    }

    private async Task<TokenReservation> ReserveAsync(SharedUsageCounter process)
    {
        var prices = new PriceTable { Prices = [new ModelPrice("test:*", Input: 10, CachedInput: 1, CacheWrite: 20, Output: 100, MaxOutput: 8000)] };
        var request = new ModelRequest { Model = "model", Messages = [Encoding.UTF8.GetBytes("""{"role":"user","content":"Hello"}""")] };
        return await UsageBench.MeterOf(process, _time, tokensPerDay: 1_000_000, prices: prices).ReserveAsync(Ada, new ResolvedModel("test", "model", new FakeModel()), request);
    }

    private ValueTask<(TokenReservation? Reservation, BudgetShortage? Shortage)> ReserveWithinAsync(SharedUsageCounter process, BudgetOptions budgets, string call)
    {
        var request = new ModelRequest { Model = "model", Messages = [Encoding.UTF8.GetBytes("""{"role":"user","content":"Hello"}""")] };
        return UsageBench.MeterOf(process, _time, budgets: budgets).TryReserveAsync(Ada, new ResolvedModel("test", "model", new FakeModel()), request, call);
    }

    private static DateTimeOffset DayOf(DateTimeOffset moment) => new(moment.UtcDateTime.Date, TimeSpan.Zero);

    private SharedUsageCounter StartProcess()
    {
        _processes.Add(UsageBench.CounterOf(Open(), _time, Interval));
        return _processes[^1];
    }

    /// <summary>All processes write; then days pass, and at least the interval in which they read.</summary>
    private async Task PassDaysAsync(int days)
    {
        await WriteAsync();
        _time.Advance(TimeSpan.FromDays(days) + Interval);
    }

    private async Task WriteAsync()
    {
        foreach (var process in _processes)
            await process.WriteAsync(CancellationToken.None);
    }

    private ValueTask<long> AddAsync(SharedUsageCounter process, UsageKind kind, long amount) =>
        process.AddAsync(UsageWindow.At(_time.GetUtcNow(), Ada, kind), amount, CancellationToken.None);

    private ValueTask<long> MonthAsync(SharedUsageCounter process) => SumAsync(process, UsageKind.Tokens);

    private async Task<long> MonthAsync(SharedUsageCounter process, bool afterWrite)
    {
        if (afterWrite)
            await WriteAsync();
        return await MonthAsync(process);
    }

    private ValueTask<long> SumAsync(SharedUsageCounter process, UsageKind kind)
    {
        var month = new DateTimeOffset(_time.GetUtcNow().Year, _time.GetUtcNow().Month, 1, 0, 0, 0, TimeSpan.Zero);
        return process.SumAsync(Ada, kind, month, month.AddMonths(1), CancellationToken.None);
    }
}
