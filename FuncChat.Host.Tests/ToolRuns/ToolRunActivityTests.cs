using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Engine.Turns;
using FuncChat.ToolRuns;
using FuncChat.Tools;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace FuncChat.Host.Tests.ToolRuns;

public sealed class ToolRunActivityTests
{
    private static readonly ToolRunSpec Spec = new("run1", "call_1", new ToolRef("research"), "{}", "demo:scripted");

    [Fact]
    public async Task Activity_returns_the_outcome_of_the_tool()
    {
        var outcome = new ToolRunOutcome("""{"error":"no such page"}""", Failed: true);
        var client = new Mock<DurableTaskClient>("test");
        var runner = new Mock<IToolRunner>();
        runner.Setup(tools => tools.RunAsync(It.IsAny<ToolRunSpec>(), CancellationToken.None))
            .Returns(new[] { new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = outcome } }.ToAsyncEnumerable());
        var activity = new ToolRunActivity(
            new RemoteToolRunWork(runner.Object, TimeProvider.System, NullLogger<RemoteToolRunWork>.Instance),
            new ToolRunHistory(Options.Create(new TurnOptions()), TimeProvider.System, NullLogger<ToolRunHistory>.Instance),
            new MemoryToolRunProgress(), TimeProvider.System);

        var result = await activity.RunAsync(Spec, client.Object, CancellationToken.None);

        Assert.Equal(outcome, result.Outcome);
        client.Verify(durable => durable.PurgeAllInstancesAsync(It.IsAny<PurgeInstancesFilter>(), It.IsAny<CancellationToken>()), Times.Once);
    }
}
