using DurableTask.Core.Exceptions;
using FuncChat.Background;
using FuncChat.Engine.Store;
using FuncChat.ToolRuns;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;

namespace FuncChat.Host.Tests.Background;

public sealed class DurableBackgroundTurnsTests
{
    private static readonly TurnKey Key = new("user", "turn-0001");
    private readonly Mock<DurableTaskClient> _client = new(MockBehavior.Strict, "test");
    private readonly RequestDurableClient _durable = new();

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

        await new DurableBackgroundTurns(_durable).ScheduleAsync(Key, CancellationToken.None);

        Assert.Equal($"turn-{UserHash.Of("user")}-turn-0001", options!.InstanceId);
        Assert.Equal(["Pending", "Running"], options.DedupeStatuses!.Order());
    }

    [Fact]
    public async Task Turn_that_is_scheduled_already_is_not_scheduled_again()
    {
        _client
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new OrchestrationAlreadyExistsException("It exists."));

        await new DurableBackgroundTurns(_durable).ScheduleAsync(Key, CancellationToken.None);

        _client.VerifyAll();
    }
}
