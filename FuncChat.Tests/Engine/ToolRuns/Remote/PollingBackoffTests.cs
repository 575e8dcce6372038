using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class PollingBackoffTests
{
    [Fact]
    public void Pace_slows_to_a_second_while_nothing_changes()
    {
        var pace = new PollingBackoff();

        var waits = Enumerable.Range(0, 7).Select(_ => pace.Next(changed: false).TotalMilliseconds);

        Assert.Equal([200, 300, 450, 675, 1000, 1000, 1000], waits);
    }

    [Fact]
    public void Pace_is_quick_again_when_something_changed()
    {
        var pace = new PollingBackoff();
        for (var i = 0; i < 10; i++)
            pace.Next(changed: false);

        Assert.Equal([200, 300], new[] { pace.Next(changed: true), pace.Next(changed: false) }.Select(wait => wait.TotalMilliseconds));
    }
}
