using FuncChat.Engine.Usage;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Usage;

/// <summary>What every <see cref="IUsageCounter"/> keeps to.</summary>
public abstract class UsageCounterContract
{
    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 23, 59, 30, TimeSpan.Zero));

    private protected abstract IUsageCounter Counter { get; }

    [Fact]
    public async Task Counts_are_kept_apart_by_user_kind_and_window()
    {
        await AddAsync("ada", UsageKind.Tokens, 5);
        await AddAsync("ada", UsageKind.Tokens, 2);
        await AddAsync("ada", UsageKind.Requests, 1);

        Assert.Equal(7, await AddAsync("ada", UsageKind.Tokens, 0));
        Assert.Equal(1, await AddAsync("ada", UsageKind.Requests, 0));
        Assert.Equal(0, await AddAsync("grace", UsageKind.Tokens, 0));
        Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(0, await AddAsync("ada", UsageKind.Tokens, 0));
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_count_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var time = 0; time < 1000; time++)
                await AddAsync("ada", UsageKind.Tokens, 1);
        })));

        Assert.Equal(8000, await AddAsync("ada", UsageKind.Tokens, 0));
    }

    [Fact]
    public async Task Of_many_at_once_as_many_are_added_as_the_limit_has_room_for()
    {
        var window = UsageWindow.At(Time.GetUtcNow(), "ada", UsageKind.ToolRuns);

        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await Counter.TryAddAsync(window, 1, limit: 3, CancellationToken.None))));

        Assert.Equal(3, added.Count(wasAdded => wasAdded));
        Assert.Equal(3, await AddAsync("ada", UsageKind.ToolRuns, 0));
    }

    [Fact]
    public async Task Count_stays_at_the_maximum_when_a_sum_would_overflow()
    {
        await AddAsync("ada", UsageKind.Tokens, long.MaxValue);

        Assert.Equal(long.MaxValue, await AddAsync("ada", UsageKind.Tokens, long.MaxValue));
    }

    [Theory]
    [InlineData("https://issuer.test/tenant\nada/../grace")]
    [InlineData("a\0b#c?d\\e'f%2F")]
    [InlineData("")]
    [InlineData("Ädä 😀")]
    public async Task User_may_have_any_name(string user)
    {
        await AddAsync(user, UsageKind.Tokens, 3);

        Assert.Equal(4, await AddAsync(user, UsageKind.Tokens, 1));
        Assert.Equal(0, await AddAsync($"{user}.", UsageKind.Tokens, 0));
    }

    private protected ValueTask<long> AddAsync(string user, UsageKind kind, long amount) => AddAsync(Counter, user, kind, amount);

    private protected ValueTask<long> AddAsync(IUsageCounter counter, string user, UsageKind kind, long amount) =>
        counter.AddAsync(UsageWindow.At(Time.GetUtcNow(), user, kind), amount, CancellationToken.None);
}
