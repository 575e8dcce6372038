using DurableTask.Core.Exceptions;
using FuncChat.Background;
using FuncChat.Engine.Store;
using FuncChat.ToolRuns;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace FuncChat.Host.Tests.Background;

public sealed class DurableBackgroundTurnsTests
{
    private static readonly TurnKey Key = new("user", "turn-0001");
    private readonly Mock<DurableTaskClient> _client = new(MockBehavior.Strict, "test");
    private readonly RequestDurableClient _durable = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public DurableBackgroundTurnsTests() => _durable.Bind(_client.Object);

    [Fact]
    public async Task Turn_is_scheduled_under_an_id_of_its_own()
    {
        StartOrchestrationOptions? options = null;
        _client
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync(
                new TaskName(nameof(BackgroundTurnOrchestration)), new BackgroundTurn("user", "turn-0001"), It.IsAny<StartOrchestrationOptions>(), CancellationToken.None))
            .Callback((TaskName _, object? _, StartOrchestrationOptions? given, CancellationToken _) => options = given)
            .ReturnsAsync("id");

        await new DurableBackgroundTurns(_durable, _time).ScheduleAsync(Key, CancellationToken.None);

        Assert.Equal($"turn-{UserHash.Of("user")}-turn-0001", options!.InstanceId);
        Assert.Equal(["Pending", "Running"], options.DedupeStatuses!.Order());
    }

    [Fact]
    public async Task Turn_whose_orchestration_has_not_ended_is_looked_at_once_it_has()
    {
        StartOrchestrationOptions? options = null;
        var first = true;
        _client
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()))
            .Returns((TaskName _, object? _, StartOrchestrationOptions? given, CancellationToken _) =>
            {
                options = given;
                return first && !(first = false) ? Task.FromException<string>(new OrchestrationAlreadyExistsException("It exists.")) : Task.FromResult("id");
            });

        await new DurableBackgroundTurns(_durable, _time).ScheduleAsync(Key, CancellationToken.None);

        Assert.Equal(($"turn-{UserHash.Of("user")}-turn-0001-again", _time.GetUtcNow().AddSeconds(15)), (options!.InstanceId, options.StartAt));
        Assert.Equal(["Pending", "Running"], options.DedupeStatuses!.Order());
    }

    [Fact]
    public async Task Turn_that_is_scheduled_twice_already_is_not_scheduled_again()
    {
        _client
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new OrchestrationAlreadyExistsException("It exists."));

        await new DurableBackgroundTurns(_durable, _time).ScheduleAsync(Key, CancellationToken.None);

        _client.VerifyAll();
    }
}
