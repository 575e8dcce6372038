using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class PollingBackoffTests
{
    [Fact]
    public void Polling_slows_to_three_seconds_while_nothing_changes()
    {
        var backoff = new PollingBackoff();

        var waits = Enumerable.Range(0, 7).Select(_ => backoff.Next(changed: false).TotalMilliseconds);

        Assert.Equal([1000, 1500, 2250, 3000, 3000, 3000, 3000], waits);
    }

    [Fact]
    public void Polling_is_quicker_again_when_something_changed_and_not_quicker_than_runs_report()
    {
        var backoff = new PollingBackoff();
        for (var i = 0; i < 10; i++)
            backoff.Next(changed: false);

        Assert.Equal([2000, 3000], new[] { backoff.Next(changed: true), backoff.Next(changed: false) }.Select(wait => wait.TotalMilliseconds));
    }

    [Fact]
    public void Polling_is_quick_at_the_start_whatever_changes() =>
        Assert.Equal(1000, new PollingBackoff().Next(changed: true).TotalMilliseconds);
}
