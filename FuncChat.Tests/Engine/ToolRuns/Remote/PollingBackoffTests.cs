using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class PollingBackoffTests
{
    [Fact]
    public void Polling_is_quick_at_the_start_and_slows_to_the_interval_of_reports()
    {
        var backoff = new PollingBackoff();

        var waits = Enumerable.Range(0, 7).Select(_ => backoff.Next());

        Assert.Equal(
            [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.25), .. Enumerable.Repeat(ThrottledProgress.ShortestInterval, 4)],
            waits);
    }
}
