using FuncChat.Background;
using FuncChat.Engine.Store;
using Microsoft.DurableTask;
using Moq;

namespace FuncChat.Host.Tests.Background;

public sealed class BackgroundTurnOrchestrationTests
{
    private static readonly BackgroundTurn Turn = new("user", "turn-0001");
    private readonly Mock<TaskOrchestrationContext> _context = new(MockBehavior.Strict);

    [Theory]
    [InlineData(TurnStatus.Ended)]
    [InlineData(TurnStatus.Parked)]
    public async Task Orchestration_ends_with_the_turn_or_when_it_is_parked(TurnStatus status)
    {
        SetUp(status);

        await BackgroundTurnOrchestration.RunAsync(_context.Object, Turn);

        _context.Verify(context => context.ContinueAsNew(It.IsAny<object>(), It.IsAny<bool>()), Times.Never);
    }

    [Fact]
    public async Task Orchestration_runs_the_turn_again_when_an_instance_has_handed_it_over()
    {
        SetUp(TurnStatus.Running);
        _context.Setup(context => context.CreateTimer(It.IsAny<TimeSpan>(), CancellationToken.None)).Returns(Task.CompletedTask);
        _context.Setup(context => context.ContinueAsNew(Turn, true));

        await BackgroundTurnOrchestration.RunAsync(_context.Object, Turn);

        _context.Verify(context => context.ContinueAsNew(Turn, true), Times.Once);
    }

    private void SetUp(TurnStatus status) => _context
        .Setup(context => context.CallActivityAsync<TurnStatus>(new TaskName(nameof(BackgroundTurnActivity)), Turn, It.IsAny<TaskOptions>()))
        .ReturnsAsync(status);
}
