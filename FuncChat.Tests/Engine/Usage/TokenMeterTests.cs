using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Usage;

public sealed class TokenMeterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 23, 59, 30, TimeSpan.Zero));
    private readonly MemoryUsageStore _store = new();
    private readonly SharedUsageCounter _counter;
    private readonly TokenMeter _meter;

    private static ResolvedModel Model { get; } = new("test", "model", new FakeModel());

    public TokenMeterTests()
    {
        _counter = UsageBench.CounterOf(_store, _time);
        _meter = UsageBench.MeterOf(_counter, _time, tokensPerDay: 5000);
    }

    [Fact]
    public async Task Calls_that_start_at_once_exceed_the_limit_by_no_more_than_one_of_them()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
        {
            try
            {
                await _meter.ReserveAsync("ada", Model, Request(maxTokens: 1000));
                return 1;
            }
            catch (ModelException)
            {
                return 0;
            }
        })));

        // A refused call's reservation may be in the count for a moment, so there may be fewer.
        Assert.InRange(started.Sum(), 1, 5);
        Assert.InRange(await CountAsync(), 1, 5000 + 1010);
    }

    [Fact]
    public async Task Call_reads_the_limit_once_and_is_written_later_when_no_budget_applies()
    {
        await CallAsync(_meter);

        await _counter.WriteDueAsync(CancellationToken.None);
        Assert.Equal(["ada"], _store.Read);
        Assert.Empty(_store.Written);

        _time.Advance(TimeSpan.FromSeconds(2));
        await _counter.WriteDueAsync(CancellationToken.None);
        Assert.Equal(["*", "ada"], _store.Written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Call_is_written_at_the_next_interval_to_the_account_whose_budget_applies()
    {
        await CallAsync(UsageBench.MeterOf(_counter, _time, budgets: new BudgetOptions { AppTokensPerMonth = 20_000 }));

        await _counter.WriteDueAsync(CancellationToken.None);

        Assert.Equal(["*"], _store.Read);
        Assert.Equal(["*"], _store.Written);
    }

    [Fact]
    public async Task Calls_that_start_at_once_never_exceed_a_budget_together()
    {
        var budgets = new BudgetOptions { UserTokensPerDay = 50_000, AppTokensPerMonth = 20_000 };
        var meter = UsageBench.MeterOf(_counter, _time, budgets: budgets);

        var reserved = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(async () =>
            (await meter.TryReserveAsync($"user {number % 5}", Model, Request())).Reservation?.Tokens ?? 0)));

        Assert.InRange(reserved.Sum(), 1, 20_000);
        Assert.Equal(reserved.Sum(), await SumAsync("*"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Budget_that_running_calls_hold_is_no_spent_one(bool isMonthly)
    {
        var budgets = isMonthly ? new BudgetOptions { UserTokensPerMonth = 1500 } : new BudgetOptions { UserTokensPerDay = 1500 };
        var meter = UsageBench.MeterOf(_counter, _time, budgets: budgets);
        var running = await meter.ReserveAsync("ada", Model, Request());

        var held = (await Assert.ThrowsAsync<ModelException>(() => meter.ReserveAsync("ada", Model, Request()).AsTask())).Error;
        running.Succeed(new ModelUsage(1000, 500), answerBytes: 1);
        var spent = (await Assert.ThrowsAsync<ModelException>(() => meter.ReserveAsync("ada", Model, Request()).AsTask())).Error;

        Assert.EndsWith("has no room while other calls run. Try again when one of them has ended.", held.Message, StringComparison.Ordinal);
        Assert.Equal((true, TimeSpan.FromSeconds(10), null), (held.Retryable, held.RetryAfter, held.Reason));
        Assert.Contains("has no room for another call. It starts again", spent.Message, StringComparison.Ordinal);
        Assert.Equal((false, ErrorReason.InsufficientQuota), (spent.Retryable, spent.Reason));
    }

    [Fact]
    public async Task Limit_that_calls_of_another_instance_hold_is_no_reached_one()
    {
        var other = UsageBench.CounterOf(_store, _time);
        await UsageBench.MeterOf(other, _time, tokensPerDay: 5000).ReserveAsync("ada", Model, Request(maxTokens: 5000));
        _time.Advance(TimeSpan.FromSeconds(2));
        await other.WriteDueAsync(CancellationToken.None);

        var error = (await Assert.ThrowsAsync<ModelException>(() => _meter.ReserveAsync("ada", Model, Request()).AsTask())).Error;

        Assert.Contains("Your running calls hold the rest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_that_a_killed_instance_holds_for_a_call_does_not_keep_that_call_from_being_repeated()
    {
        var killed = UsageBench.CounterOf(_store, _time);
        await UsageBench.MeterOf(killed, _time, tokensPerDay: 5000).ReserveAsync("ada", Model, Request(maxTokens: 5000), "call1");
        _time.Advance(TimeSpan.FromSeconds(2));
        await killed.WriteDueAsync(CancellationToken.None);

        (await _meter.ReserveAsync("ada", Model, Request(maxTokens: 5000), "call1")).Succeed(new ModelUsage(10, 20), 80);

        Assert.InRange(await CountAsync(), 30, 60);
    }

    [Fact]
    public async Task Call_is_shortened_to_what_the_tightest_budget_has_room_for()
    {
        var prices = new PriceTable { Prices = [new ModelPrice("test:*", Input: 10, CachedInput: 1, CacheWrite: 20, Output: 100, MaxOutput: 8000)] };
        var meter = UsageBench.MeterOf(
            _counter, _time, budgets: new BudgetOptions { UserTokensPerDay = 5000, UserCostPerMonth = 0.1m }, prices: prices);

        var (reservation, _) = await meter.TryReserveAsync("ada", Model, Request());

        // 10 tokens of input at 20, the price of a write to the cache, leave 0.0998 for output at 100.
        Assert.Equal(998, reservation!.Request.Sampling.MaxTokens);
        reservation.Succeed(new ModelUsage(10, 20), answerBytes: 1);
        Assert.Equal(30, await CountAsync());
        Assert.Equal(2_100_000, await _counter.AddAsync(UsageWindow.At(_time.GetUtcNow(), "ada", UsageKind.Cost), 0, CancellationToken.None));
    }

    [Fact]
    public async Task Call_within_an_ample_budget_is_sent_as_it_is()
    {
        var meter = UsageBench.MeterOf(_counter, _time, budgets: new BudgetOptions { UserTokensPerDay = 10_000_000 });

        Assert.Null((await meter.TryReserveAsync("ada", Model, Request())).Reservation!.Request.Sampling.MaxTokens);
        Assert.Equal(7, (await meter.TryReserveAsync("ada", Model, Request(maxTokens: 7))).Reservation!.Request.Sampling.MaxTokens);
    }

    [Fact]
    public async Task Settled_call_counts_what_was_reported()
    {
        var reservation = await _meter.ReserveAsync("ada", Model, Request());
        Assert.True(await CountAsync() > TokenEstimate.DefaultOutput);

        reservation.Succeed(new ModelUsage(10, 5), answerBytes: 4000);

        Assert.Equal(15, await CountAsync());
    }

    [Fact]
    public async Task Failed_call_counts_at_least_what_was_reported_before_it_failed()
    {
        var reservation = await _meter.ReserveAsync("ada", Model, Request());

        reservation.Fail(new IOException(), new ModelUsage(3000, 1), answerBytes: 400);

        Assert.Equal(3100, await CountAsync());
    }

    [Fact]
    public async Task Call_over_midnight_counts_for_the_day_on_which_it_started()
    {
        var reservation = await _meter.ReserveAsync("ada", Model, Request());
        _time.Advance(TimeSpan.FromMinutes(1));

        reservation.Succeed(new ModelUsage(10, 5), answerBytes: 4);

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public void Image_costs_no_tokens_for_each_byte_and_text_under_its_name_does_not_hide()
    {
        var data = new string('A', 4_000_000);

        Assert.InRange(InputOf($$$"""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{data}}}"}}]}"""), 1500, 1600);
        Assert.InRange(InputOf($$$"""{"role":"user","content":"data:image/png;base64,{{{data}}}"}"""), 1_000_000, 1_000_100);
    }

    private static long InputOf(string message) => TokenEstimate.OfInput(Request(message));

    private static ModelRequest Request(string message = """{"role":"user","content":"Hello"}""", int? maxTokens = null) =>
        new() { Model = "model", Messages = [Encoding.UTF8.GetBytes(message)], Sampling = new SamplingOptions { MaxTokens = maxTokens } };

    private ValueTask<long> SumAsync(string account) =>
        _counter.SumAsync(account, UsageKind.Tokens, _time.GetUtcNow().AddDays(-1), _time.GetUtcNow(), CancellationToken.None);

    private static async Task CallAsync(TokenMeter meter) =>
        (await meter.ReserveAsync("ada", Model, Request(maxTokens: 1000))).Succeed(new ModelUsage(10, 20), 80);

    private ValueTask<long> CountAsync() => _counter.AddAsync(UsageWindow.At(_time.GetUtcNow(), "ada", UsageKind.Tokens), 0, CancellationToken.None);
}
