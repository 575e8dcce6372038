using FuncChat.Background;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.ToolRuns;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace FuncChat.Host.Tests.Background;

public sealed class BackgroundTurnActivityTests
{
    [Fact]
    public async Task Old_history_is_removed_when_a_turn_runs_in_the_background()
    {
        using var bench = new TurnBench();
        var client = new Mock<DurableTaskClient>("test");
        var history = new ToolRunHistory(Options.Create(new TurnOptions()), TimeProvider.System, NullLogger<ToolRunHistory>.Instance);
        var activity = new BackgroundTurnActivity(bench.Turns, new RequestDurableClient(), history);

        var status = await activity.RunAsync(new BackgroundTurn(TurnBench.User, "turn-0001"), client.Object, CancellationToken.None);

        Assert.Equal(TurnStatus.Ended, status);
        client.Verify(durable => durable.PurgeAllInstancesAsync(It.IsAny<PurgeInstancesFilter>(), It.IsAny<CancellationToken>()), Times.Once);
    }
}
