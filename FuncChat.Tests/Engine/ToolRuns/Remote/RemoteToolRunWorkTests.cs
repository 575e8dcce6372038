using System.Runtime.CompilerServices;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class RemoteToolRunWorkTests
{
    private static readonly ToolRunOutcome Done = new("done", Failed: false);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Work_returns_the_outcome_and_every_model_event()
    {
        var runner = new GatedRunner(Snapshot(RemoteRuns.Event(1)), Snapshot(RemoteRuns.Event(2)), Snapshot() with { Outcome = Done });
        runner.Gate.SetResult();

        var result = await ExecuteAsync(runner, ScriptedRemoteRuns.Of(RemoteRuns.Queued));

        Assert.Equal(Done, result.Outcome);
        Assert.Equal([RemoteRuns.Event(1), RemoteRuns.Event(2)], result.ModelEvents);
    }

    [Fact]
    public async Task Work_reports_the_progress()
    {
        var runner = new GatedRunner(Snapshot(RemoteRuns.Event(1)) with { Message = "half" }, Snapshot() with { Outcome = Done });
        var runs = ScriptedRemoteRuns.Of(RemoteRuns.Queued);

        var work = ExecuteAsync(runner, runs);
        var status = await runs.Reported.Reader.ReadAsync();
        runner.Gate.SetResult();
        await work;

        Assert.Equal("half", status.Message);
        Assert.Equal([RemoteRuns.Event(1)], status.ModelEvents);
    }

    [Fact]
    public async Task Work_reports_the_outcome_before_it_ends()
    {
        var runner = new GatedRunner(Snapshot(RemoteRuns.Event(1)), Snapshot() with { Outcome = Done });
        var runs = ScriptedRemoteRuns.Of(RemoteRuns.Queued);
        runner.Gate.SetResult();

        await ExecuteAsync(runner, runs);

        var last = await runs.Reported.Reader.ReadAllAsync().FirstAsync(report => report.Outcome is not null);
        Assert.Equal((ToolRunStatus.Ended, Done), (last.Status, last.Outcome));
        Assert.Equal([RemoteRuns.Event(1)], last.ModelEvents);
    }

    [Fact]
    public async Task Work_runs_nothing_when_the_run_was_stopped_or_has_ended_before()
    {
        var runner = new GatedRunner(Snapshot() with { Outcome = Done });

        var result = await ExecuteAsync(runner, ScriptedRemoteRuns.Of(RemoteRuns.Ended(ToolRunOutcome.Stopped)));

        Assert.Equal(ToolRunOutcome.Stopped, result.Outcome);
        Assert.Null(runner.Spec);
    }

    [Fact]
    public async Task Work_continues_when_its_progress_cannot_be_reported()
    {
        var runner = new GatedRunner(Snapshot(), Snapshot() with { Outcome = Done });
        var runs = new ScriptedRemoteRuns(() => RemoteRuns.Queued) { ReportFailure = new IOException("out of reach") };

        var work = ExecuteAsync(runner, runs);
        await runs.Reported.Reader.ReadAsync();
        runner.Gate.SetResult();

        Assert.Equal(Done, (await work).Outcome);
    }

    [Fact]
    public async Task Work_keeps_the_model_events_of_an_earlier_attempt_before_its_own()
    {
        var runner = new GatedRunner(Snapshot(RemoteRuns.Event(2)), Snapshot() with { Outcome = Done });
        runner.Gate.SetResult();

        var result = await ExecuteAsync(runner, ScriptedRemoteRuns.Of(RemoteRuns.Executing("half", RemoteRuns.Event(1))));

        Assert.Equal([RemoteRuns.Event(1), RemoteRuns.Event(2)], result.ModelEvents);
    }

    [Fact]
    public async Task Work_continues_the_numbering_of_model_calls_after_an_earlier_attempt()
    {
        var runner = new GatedRunner(Snapshot() with { Outcome = Done });
        runner.Gate.SetResult();

        await ExecuteAsync(runner, ScriptedRemoteRuns.Of(RemoteRuns.Executing("half", RemoteRuns.Event(1), RemoteRuns.Event(3), RemoteRuns.Event(2))));

        Assert.Equal(3, runner.Spec?.ModelCallsMade);
    }

    [Fact]
    public async Task Work_leaves_a_large_outcome_to_the_store()
    {
        var runner = new GatedRunner(Snapshot() with { Outcome = new ToolRunOutcome(new string('x', RemoteToolRunWork.MaxInlineContent + 1), false) });
        runner.Gate.SetResult();

        Assert.Null((await ExecuteAsync(runner, ScriptedRemoteRuns.Of(RemoteRuns.Queued))).Outcome);
    }

    [Fact]
    public async Task Work_stops_the_tool_when_the_run_was_stopped()
    {
        var runner = new GatedRunner(Snapshot(), Snapshot() with { Outcome = ToolRunOutcome.Failure("stopped") });
        var runs = ScriptedRemoteRuns.Of(RemoteRuns.Queued, RemoteRuns.Ended(ToolRunOutcome.Stopped));
        var work = ExecuteAsync(runner, runs);
        await runs.Reported.Reader.ReadAsync();

        _time.Advance(RemoteToolRunWork.StopInterval);

        Assert.True((await work).Outcome!.Failed);
    }

    [Fact]
    public async Task Work_stops_the_tool_when_a_report_shows_that_the_run_was_stopped()
    {
        var runner = new GatedRunner(Snapshot(), Snapshot() with { Outcome = ToolRunOutcome.Failure("stopped") });
        var runs = new ScriptedRemoteRuns(() => RemoteRuns.Queued) { HasEnded = true };

        Assert.True((await ExecuteAsync(runner, runs)).Outcome!.Failed);

        Assert.Equal(1, runs.Looks);
    }

    [Fact]
    public async Task Work_asks_whether_the_run_was_stopped_only_when_no_report_has_shown_it()
    {
        var runner = new GatedRunner(Snapshot(), Snapshot() with { Outcome = Done });
        var looked = new ManualSignal();
        var runs = new ScriptedRemoteRuns(() => RemoteRuns.Queued, Look);
        var work = ExecuteAsync(runner, runs);
        await runs.Reported.Reader.ReadAsync();

        _time.Advance(RemoteToolRunWork.StopInterval - TimeSpan.FromSeconds(1));
        Assert.Equal(1, runs.Looks);
        _time.Advance(RemoteToolRunWork.StopInterval);
        await looked.WaitAsync();
        runner.Gate.SetResult();

        Assert.Equal(Done, (await work).Outcome);

        ToolRunSnapshot Look()
        {
            looked.Set();
            return RemoteRuns.Queued;
        }
    }

    [Fact]
    public async Task Work_asks_again_whether_the_run_was_stopped_when_the_answer_failed()
    {
        var looked = new ManualSignal();
        var runner = new GatedRunner(Snapshot(), Snapshot() with { Outcome = ToolRunOutcome.Failure("stopped") });
        var runs = new ScriptedRemoteRuns(() => RemoteRuns.Queued, Fail, () => RemoteRuns.Ended(ToolRunOutcome.Stopped));
        var work = ExecuteAsync(runner, runs);
        await runs.Reported.Reader.ReadAsync();

        _time.Advance(RemoteToolRunWork.StopInterval);
        await looked.WaitAsync();
        _time.Advance(RemoteToolRunWork.StopInterval);

        Assert.True((await work).Outcome!.Failed);

        ToolRunSnapshot? Fail()
        {
            looked.Set();
            throw new IOException("out of reach");
        }
    }

    [Fact]
    public async Task Work_numbers_model_events_from_those_that_the_turn_has_logged()
    {
        var runner = new GatedRunner(Snapshot(RemoteRuns.Event(4)), Snapshot() with { Outcome = Done });
        runner.Gate.SetResult();

        var result = await ExecuteAsync(runner, ScriptedRemoteRuns.Of(RemoteRuns.Queued), spec: RemoteRuns.Spec(modelEventsSeen: 3));

        Assert.Equal((3, 4), (result.ModelEventsSkipped, result.ModelEventsSeen));
        Assert.Equal(3, runner.Spec?.ModelEventsSeen);
    }

    [Fact]
    public async Task Work_fails_when_the_host_takes_its_instance_away()
    {
        using var host = new CancellationTokenSource();
        var runs = ScriptedRemoteRuns.Of(RemoteRuns.Queued);
        var work = ExecuteAsync(new GatedRunner(Snapshot(), Snapshot() with { Outcome = Done }), runs, cancellationToken: host.Token);
        await runs.Reported.Reader.ReadAsync();

        await host.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    private static ToolRunSnapshot Snapshot(params IReadOnlyList<ToolModelEvent> modelEvents) =>
        new(ToolRunStatus.Executing) { ModelEvents = modelEvents };

    private Task<ToolRunSnapshot> ExecuteAsync(IToolRunner runner, IRemoteToolRuns runs, ToolRunSpec? spec = null, CancellationToken cancellationToken = default) =>
        new RemoteToolRunWork(runner, _time, NullLogger<RemoteToolRunWork>.Instance).ExecuteAsync(spec ?? RemoteRuns.Spec(), runs, cancellationToken);

    /// <summary>Gives its snapshots, the last one when the gate is opened or the run cancelled.</summary>
    private sealed class GatedRunner(params ToolRunSnapshot[] snapshots) : IToolRunner
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ToolRunSpec? Spec { get; private set; }

        public async IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Spec = spec;
            foreach (var snapshot in snapshots[..^1])
                yield return snapshot;
            await Gate.Task.WaitAsync(cancellationToken);
            yield return snapshots[^1];
        }

        public Task CancelAsync(string runId, CancellationToken cancellationToken)
        {
            Gate.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
