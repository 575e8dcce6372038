using System.Text.Json;
using FuncChat.Engine.ToolRuns;
using FuncChat.ToolRuns;
using FuncChat.Tools;
using Microsoft.DurableTask;
using Moq;

namespace FuncChat.Host.Tests.ToolRuns;

public sealed class ToolRunOrchestrationTests
{
    private static readonly ToolRunSpec Spec = new("run1", "call_1", new ToolRef("research"), "{}", "demo:scripted");
    private static readonly ToolRunSnapshot Result = new(ToolRunStatus.Ended) { Outcome = new ToolRunOutcome("done", Failed: false) };
    private readonly Mock<TaskOrchestrationContext> _context = new(MockBehavior.Strict);
    private readonly TaskCompletionSource<ToolRunSnapshot> _activity = new();
    private readonly Queue<TaskCompletionSource<JsonElement>> _events = new();
    private TaskOptions? _options;

    public ToolRunOrchestrationTests()
    {
        _context
            .Setup(context => context.CallActivityAsync<ToolRunSnapshot>(new TaskName(nameof(ToolRunActivity)), Spec, It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object? _, TaskOptions? options) => _options = options)
            .Returns(_activity.Task);
        _context
            .Setup(context => context.WaitForExternalEvent<JsonElement>(ToolRunOrchestration.ProgressEvent, CancellationToken.None))
            .Returns(() =>
            {
                _events.Enqueue(new TaskCompletionSource<JsonElement>());
                return _events.Peek().Task;
            });
    }

    [Fact]
    public async Task Orchestration_returns_the_result_of_the_activity()
    {
        var run = ToolRunOrchestration.RunAsync(_context.Object, Spec);
        _activity.SetResult(Result);

        Assert.Equal(Result, await run);
    }

    [Fact]
    public void Orchestration_keeps_the_latest_progress_as_its_status()
    {
        var kept = new List<string>();
        _context.Setup(context => context.SetCustomStatus(It.IsAny<object>())).Callback((object? status) => kept.Add(status!.ToString()!));

        _ = ToolRunOrchestration.RunAsync(_context.Object, Spec);
        _events.Dequeue().SetResult(JsonSerializer.SerializeToElement("first"));
        _events.Dequeue().SetResult(JsonSerializer.SerializeToElement("second"));

        Assert.Equal(["first", "second"], kept);
        Assert.Single(_events);
    }

    [Fact]
    public async Task Orchestration_waits_for_nothing_but_what_its_context_gives()
    {
        // Continued on the thread that completes what it waits for, as a replay needs it.
        _context.Setup(context => context.SetCustomStatus(It.IsAny<object>()));

        var run = ToolRunOrchestration.RunAsync(_context.Object, Spec);
        _events.Dequeue().SetResult(default);
        _activity.SetResult(Result);

        Assert.True(run.IsCompletedSuccessfully);
        await run;
    }

    [Fact]
    public async Task Orchestration_fails_when_the_activity_is_given_up()
    {
        var run = ToolRunOrchestration.RunAsync(_context.Object, Spec);
        _activity.SetException(new InvalidOperationException("lost"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => run);
    }

    [Fact]
    public void Orchestration_has_a_lost_activity_tried_again()
    {
        _ = ToolRunOrchestration.RunAsync(_context.Object, Spec);

        Assert.Equal(3, _options?.Retry?.Policy?.MaxNumberOfAttempts);
    }
}
