using FuncChat.Engine.Usage;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Web.Limits;

public sealed class InProcessUsageCounterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 23, 59, 30, TimeSpan.Zero));
    private readonly InProcessUsageCounter _counter;

    public InProcessUsageCounterTests() => _counter = new InProcessUsageCounter(_time);

    [Fact]
    public async Task Counts_are_kept_apart_by_user_kind_and_window()
    {
        await AddAsync("ada", UsageKind.Tokens, 5);
        await AddAsync("ada", UsageKind.Tokens, 2);
        await AddAsync("ada", UsageKind.Requests, 1);

        Assert.Equal(7, await AddAsync("ada", UsageKind.Tokens, 0));
        Assert.Equal(1, await AddAsync("ada", UsageKind.Requests, 0));
        Assert.Equal(0, await AddAsync("grace", UsageKind.Tokens, 0));
        _time.Advance(TimeSpan.FromSeconds(30));
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
    public async Task Windows_that_have_ended_are_forgotten()
    {
        for (var user = 0; user < 100; user++)
            await AddAsync($"user {user}", UsageKind.Requests, 1);
        _time.Advance(TimeSpan.FromMinutes(2));

        await AddAsync("ada", UsageKind.Requests, 1);

        Assert.Equal(1, _counter.Windows);
    }

    private ValueTask<long> AddAsync(string user, UsageKind kind, long amount) =>
        _counter.AddAsync(UsageWindow.At(_time.GetUtcNow(), user, kind), amount, CancellationToken.None);
}
