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
    public void Polling_is_quick_again_when_something_changed()
    {
        var backoff = new PollingBackoff();
        for (var i = 0; i < 10; i++)
            backoff.Next(changed: false);

        Assert.Equal([1000, 1500], new[] { backoff.Next(changed: true), backoff.Next(changed: false) }.Select(wait => wait.TotalMilliseconds));
    }
}
