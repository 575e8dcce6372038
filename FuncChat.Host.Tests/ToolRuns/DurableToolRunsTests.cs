using System.Diagnostics;
using DurableTask.Core.Exceptions;
using FuncChat.Engine.ToolRuns;
using FuncChat.ToolRuns;
using FuncChat.Tools;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace FuncChat.Host.Tests.ToolRuns;

public sealed class DurableToolRunsTests
{
    private static readonly ToolRunSpec Spec = new("run1", "call_1", new ToolRef("research"), "{}", "demo:scripted");
    private static readonly ToolRunSnapshot Half = new(ToolRunStatus.Executing) { Message = "half", Completed = 1, Total = 2 };
    private readonly Mock<DurableTaskClient> _client = new(MockBehavior.Strict, "test");
    private readonly MemoryToolRunProgress _progress = new();
    private readonly FakeTimeProvider _time = new();
    private readonly DurableToolRuns _runs;

    public DurableToolRunsTests() => _runs = Open();

    [Fact]
    public async Task Start_schedules_an_orchestration_whose_id_is_the_runs()
    {
        Found(null);
        _client
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync(
                nameof(ToolRunOrchestration), Spec, It.Is<StartOrchestrationOptions>(options => options.InstanceId == "run1"), CancellationToken.None))
            .ReturnsAsync("run1")
            .Verifiable();

        await _runs.StartAsync(Spec, CancellationToken.None);

        _client.Verify();
    }

    [Fact]
    public async Task Start_does_nothing_when_the_run_is_there_even_if_it_has_ended()
    {
        Found(Instance(OrchestrationRuntimeStatus.Completed));

        await _runs.StartAsync(Spec, CancellationToken.None);

        _client.Verify(
            client => client.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()),
            Times.Never);
    }

    [Fact]
    public async Task Start_succeeds_when_another_request_starts_the_run_in_the_meantime()
    {
        Found(null);
        _client
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new OrchestrationAlreadyExistsException());

        Assert.Null(await Record.ExceptionAsync(() => _runs.StartAsync(Spec, CancellationToken.None)));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending, ToolRunStatus.Queued, null)]
    [InlineData(OrchestrationRuntimeStatus.Running, ToolRunStatus.Executing, null)]
    [InlineData(OrchestrationRuntimeStatus.Suspended, ToolRunStatus.Executing, null)]
    [InlineData(OrchestrationRuntimeStatus.Failed, ToolRunStatus.Ended, "failed unexpectedly")]
    [InlineData(OrchestrationRuntimeStatus.Terminated, ToolRunStatus.Ended, "was stopped")]
    public async Task Find_returns_the_status_of_the_orchestration(OrchestrationRuntimeStatus status, ToolRunStatus expected, string? failure)
    {
        Found(Instance(status));

        var snapshot = await _runs.FindAsync("run1", CancellationToken.None);

        Assert.Equal(expected, snapshot!.Status);
        if (failure is null)
            Assert.Null(snapshot.Outcome);
        else
            Assert.Contains(failure, snapshot.Outcome!.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_is_cancelled_when_its_caller_leaves()
    {
        using var leaving = new CancellationTokenSource();
        await leaving.CancelAsync();
        _client
            .Setup(client => client.GetInstanceAsync("run1", true, leaving.Token))
            .ThrowsAsync(new RpcException(new Status(StatusCode.Cancelled, "Call canceled by the client.")));

        await Assert.ThrowsAsync<OperationCanceledException>(() => _runs.FindAsync("run1", leaving.Token));
    }

    [Fact]
    public async Task Find_reads_the_progress_that_another_instance_reported()
    {
        var reported = Half with { ModelEvents = [new ToolModelEvent("page_summary", 1, "demo", "scripted")] };
        Found(Instance(OrchestrationRuntimeStatus.Running));
        await Open().ReportAsync("run1", reported, CancellationToken.None);

        var found = (await _runs.FindAsync("run1", CancellationToken.None))!;

        Assert.Equal("half", found.Message);
        Assert.Equal(reported.ModelEvents, found.ModelEvents);
    }

    [Fact]
    public async Task Find_reads_the_progress_that_an_instance_of_an_earlier_version_reported()
    {
        Found(Instance(OrchestrationRuntimeStatus.Running, customStatus: """{"message":"half","completed":1,"total":2}"""));

        Assert.Equal("half", (await _runs.FindAsync("run1", CancellationToken.None))!.Message);
    }

    [Fact]
    public async Task Find_asks_Durable_once_an_interval_while_it_is_repeated()
    {
        Found(null);
        _client
            .Setup(client => client.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync("run1");
        await _runs.StartAsync(Spec, CancellationToken.None);
        Found(Instance(OrchestrationRuntimeStatus.Running));
        for (var look = 0; look < 5; look++)
            Assert.Equal(ToolRunStatus.Queued, (await _runs.FindAsync("run1", CancellationToken.None))!.Status);
        _client.Verify(client => client.GetInstanceAsync("run1", true, CancellationToken.None), Times.Never);

        _time.Advance(DurableToolRuns.LookInterval);
        for (var look = 0; look < 5; look++)
            Assert.Equal(ToolRunStatus.Executing, (await _runs.FindAsync("run1", CancellationToken.None))!.Status);

        _client.Verify(client => client.GetInstanceAsync("run1", true, CancellationToken.None), Times.Once);
    }

    [Fact]
    public async Task Find_notices_that_the_run_failed_although_its_last_progress_is_stored()
    {
        Found(Instance(OrchestrationRuntimeStatus.Running));
        await _runs.ReportAsync("run1", Half, CancellationToken.None);
        await _runs.FindAsync("run1", CancellationToken.None);
        Found(Instance(OrchestrationRuntimeStatus.Failed));
        _time.Advance(DurableToolRuns.LookInterval);

        Assert.Equal(ToolRunStatus.Ended, (await _runs.FindAsync("run1", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Find_returns_nothing_when_Durable_has_lost_the_run()
    {
        Found(null);
        await _runs.ReportAsync("run1", Half, CancellationToken.None);

        Assert.Null(await _runs.FindAsync("run1", CancellationToken.None));
        Assert.Null(await _runs.FindAsync("run1", CancellationToken.None));
    }

    [Fact]
    public async Task Find_asks_Durable_for_nothing_when_the_outcome_is_stored()
    {
        var outcome = new ToolRunOutcome("done", Failed: false);
        await Open().ReportAsync("run1", new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = outcome }, CancellationToken.None);

        Assert.Equal(outcome, (await _runs.FindAsync("run1", CancellationToken.None))!.Outcome);
    }

    [Fact]
    public async Task Find_reads_the_result_as_the_activity_returned_it()
    {
        var result = new ToolRunSnapshot(ToolRunStatus.Ended)
        {
            Outcome = new ToolRunOutcome("done", Failed: false),
            ModelEvents = [new ToolModelEvent("page_summary", 1, "demo", "scripted") { DurationMs = 2.5 }],
        };
        Found(Instance(OrchestrationRuntimeStatus.Completed, output: JsonDataConverter.Default.Serialize(result)));

        var found = (await _runs.FindAsync("run1", CancellationToken.None))!;

        Assert.Equal(ToolRunStatus.Ended, found.Status);
        Assert.Equal(result.Outcome, found.Outcome);
        Assert.Equal(result.ModelEvents, found.ModelEvents);
    }

    [Fact]
    public async Task Find_reads_a_result_of_the_previous_version()
    {
        Found(Instance(
            OrchestrationRuntimeStatus.Completed,
            output: """{"Outcome":{"Content":"done","Failed":false},"ModelEvents":[{"Phase":"plan","Iteration":1,"Provider":"demo","Model":"scripted"}]}"""));

        var found = (await _runs.FindAsync("run1", CancellationToken.None))!;

        Assert.Equal((ToolRunStatus.Ended, "done"), (found.Status, found.Outcome!.Content));
        Assert.Single(found.ModelEvents);
    }

    [Fact]
    public async Task Report_replaces_what_another_attempt_of_the_run_has_reported()
    {
        await Open().ReportAsync("run1", new ToolRunSnapshot(ToolRunStatus.Executing), CancellationToken.None);

        await _runs.ReportAsync("run1", Half, CancellationToken.None);

        Assert.Equal("half", (await _progress.ReadAsync("run1", CancellationToken.None))!.Snapshot.Message);
    }

    [Fact]
    public async Task Report_does_nothing_when_the_run_was_stopped()
    {
        await _runs.ReportAsync("run1", Half, CancellationToken.None);
        Found(Instance(OrchestrationRuntimeStatus.Running));
        _client.Setup(client => client.TerminateInstanceAsync("run1", CancellationToken.None)).Returns(Task.CompletedTask);
        await Open().StopAsync("run1", CancellationToken.None);

        await _runs.ReportAsync("run1", Half, CancellationToken.None);

        Assert.Equal(ToolRunOutcome.Stopped, (await _runs.FindAsync("run1", CancellationToken.None))!.Outcome);
    }

    [Fact]
    public async Task Looks_carry_the_trace_on_and_are_not_recorded()
    {
        Activity? carried = null;
        _client
            .Setup(client => client.GetInstanceAsync("run1", true, CancellationToken.None))
            .Callback(() => carried = Activity.Current)
            .ReturnsAsync(Instance(OrchestrationRuntimeStatus.Running));
        using var turn = new Activity("turn").Start();
        turn.ActivityTraceFlags = ActivityTraceFlags.Recorded;

        await _runs.FindAsync("run1", CancellationToken.None);

        Assert.Equal((turn.TraceId, false), (carried!.TraceId, carried.Recorded));
        Assert.Same(turn, Activity.Current);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending, 1)]
    [InlineData(OrchestrationRuntimeStatus.Running, 1)]
    [InlineData(OrchestrationRuntimeStatus.Completed, 0)]
    [InlineData(null, 0)]
    public async Task Stop_terminates_a_run_that_is_under_way(OrchestrationRuntimeStatus? status, int times)
    {
        Found(status is { } known ? Instance(known) : null);
        _client.Setup(client => client.TerminateInstanceAsync("run1", CancellationToken.None)).Returns(Task.CompletedTask);

        await _runs.StopAsync("run1", CancellationToken.None);

        _client.Verify(client => client.TerminateInstanceAsync("run1", CancellationToken.None), Times.Exactly(times));
    }

    private DurableToolRuns Open() => new(_client.Object, _progress, _time);

    private static OrchestrationMetadata Instance(OrchestrationRuntimeStatus status, string? customStatus = null, string? output = null) =>
        new(nameof(ToolRunOrchestration), "run1")
        {
            RuntimeStatus = status,
            SerializedCustomStatus = customStatus,
            SerializedOutput = output,
            DataConverter = JsonDataConverter.Default,
        };

    private void Found(OrchestrationMetadata? instance) =>
        _client.Setup(client => client.GetInstanceAsync("run1", It.IsAny<bool>(), CancellationToken.None)).ReturnsAsync(instance);
}
