using FuncChat.Engine.Turns;
using FuncChat.ToolRuns;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace FuncChat.Host.Tests.ToolRuns;

public sealed class ToolRunHistoryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly List<PurgeInstancesFilter> _purged = [];
    private readonly ToolRunHistory _history;

    public ToolRunHistoryTests()
    {
        var options = new TurnOptions { Retention = TimeSpan.FromHours(24), MaxDuration = TimeSpan.FromHours(1) };
        _history = new ToolRunHistory(Options.Create(options), _time, NullLogger<ToolRunHistory>.Instance);
        _client.Setup(client => client.PurgeAllInstancesAsync(It.IsAny<PurgeInstancesFilter>(), It.IsAny<CancellationToken>()))
            .Callback((PurgeInstancesFilter filter, CancellationToken _) => _purged.Add(filter))
            .ReturnsAsync(new PurgeResult(1));
    }

    [Fact]
    public async Task History_is_removed_when_no_turn_can_ask_for_it_any_more()
    {
        await TrimAsync();

        Assert.Equal(_time.GetUtcNow() - TimeSpan.FromHours(25), Assert.Single(_purged).CreatedTo);
    }

    [Fact]
    public async Task History_of_running_runs_is_kept_when_it_is_old()
    {
        await TrimAsync();

        Assert.Equal(
            [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated],
            Assert.Single(_purged).Statuses);
    }

    [Fact]
    public async Task History_is_looked_through_once_when_many_runs_come_within_the_hour()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TrimAsync()));
        _time.Advance(ToolRunHistory.Interval - TimeSpan.FromSeconds(1));
        await TrimAsync();
        Assert.Single(_purged);

        _time.Advance(TimeSpan.FromSeconds(1));
        await TrimAsync();

        Assert.Equal(2, _purged.Count);
    }

    [Fact]
    public async Task History_is_tried_again_when_the_store_was_out_of_reach()
    {
        _client.SetupSequence(client => client.PurgeAllInstancesAsync(It.IsAny<PurgeInstancesFilter>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IOException("out of reach"))
            .ReturnsAsync(new PurgeResult(1));

        await TrimAsync();
        _time.Advance(ToolRunHistory.Interval);
        await TrimAsync();

        _client.Verify(
            client => client.PurgeAllInstancesAsync(It.IsAny<PurgeInstancesFilter>(), It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    private Task TrimAsync() => _history.TrimAsync(_client.Object, CancellationToken.None);
}
