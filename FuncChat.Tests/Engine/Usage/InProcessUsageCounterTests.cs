using FuncChat.Engine.Usage;

namespace FuncChat.Tests.Engine.Usage;

public sealed class InProcessUsageCounterTests : UsageCounterContract
{
    private readonly InProcessUsageCounter _counter;

    public InProcessUsageCounterTests() => _counter = new InProcessUsageCounter(Time);

    private protected override IUsageCounter Counter => _counter;

    [Fact]
    public async Task Windows_that_have_ended_are_forgotten()
    {
        for (var user = 0; user < 100; user++)
            await AddAsync($"user {user}", UsageKind.Requests, 1);
        Time.Advance(TimeSpan.FromMinutes(2));

        await AddAsync("ada", UsageKind.Requests, 1);

        Assert.Equal(1, _counter.Windows);
    }
}
