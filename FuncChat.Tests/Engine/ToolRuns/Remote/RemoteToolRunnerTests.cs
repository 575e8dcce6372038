using System.Runtime.CompilerServices;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class RemoteToolRunnerTests : IDisposable
{
    private static readonly ToolRunOutcome Done = new("done", Failed: false);
    private static readonly ToolRunOutcome DoneHere = new("done here", Failed: false);
    private readonly SteppedTime _time = new();
    private readonly LocalRunner _local = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FileToolRunStore _store;

    public RemoteToolRunnerTests() => _store = new FileToolRunStore(_folder.Path);

    [Fact]
    public async Task Runner_starts_the_run_and_reports_it_until_its_outcome()
    {
        var runs = ScriptedRemoteRuns.Of(RemoteRuns.Queued, RemoteRuns.Executing("half"), RemoteRuns.Ended(Done));

        var snapshots = await WatchAsync(runs, steps: 2);

        Assert.Equal([ToolRunStatus.Queued, ToolRunStatus.Executing, ToolRunStatus.Ended], snapshots.Select(snapshot => snapshot.Status));
        Assert.Equal(("half", 1, 2), (snapshots[1].Message, snapshots[1].Completed, snapshots[1].Total));
        Assert.Equal(Done, snapshots[2].Outcome);
        Assert.Equal(RemoteRuns.Spec(), Assert.Single(runs.Started));
        Assert.Empty(_local.Runs);
    }

    [Fact]
    public async Task Runner_reports_nothing_when_looks_find_no_change()
    {
        var half = RemoteRuns.Executing("half");

        var snapshots = await WatchAsync(ScriptedRemoteRuns.Of(half, half, half, RemoteRuns.Ended(Done)), steps: 3);

        Assert.Equal([ToolRunStatus.Executing, ToolRunStatus.Ended], snapshots.Select(snapshot => snapshot.Status));
    }

    [Fact]
    public async Task Runner_shows_a_run_as_executing_when_it_ended_before_the_first_look()
    {
        var snapshots = await WatchAsync(ScriptedRemoteRuns.Of(RemoteRuns.Ended(Done)), steps: 0);

        Assert.Equal([ToolRunStatus.Executing, ToolRunStatus.Ended], snapshots.Select(snapshot => snapshot.Status));
    }

    [Fact]
    public async Task Runner_reports_each_model_event_once_when_looks_skip_some()
    {
        var (one, two, three) = (RemoteRuns.Event(1), RemoteRuns.Event(2), RemoteRuns.Event(3));
        var runs = ScriptedRemoteRuns.Of(RemoteRuns.Executing("a", one), RemoteRuns.Executing("b", one, two), RemoteRuns.Ended(Done, one, two, three));

        var snapshots = await WatchAsync(runs, steps: 2);

        Assert.Equal([one, two, three], snapshots.SelectMany(snapshot => snapshot.ModelEvents));
    }

    [Fact]
    public async Task Runner_skips_the_model_events_that_the_turn_has_logged()
    {
        var (one, two) = (RemoteRuns.Event(1), RemoteRuns.Event(2));

        var snapshots = await WatchAsync(
            ScriptedRemoteRuns.Of(RemoteRuns.Executing("a", one), RemoteRuns.Ended(Done, one, two)), steps: 1, RemoteRuns.Spec(modelEventsSeen: 1));

        Assert.Equal([two], snapshots.SelectMany(snapshot => snapshot.ModelEvents));
    }

    [Fact]
    public async Task Runner_counts_model_events_from_where_a_run_was_started_again()
    {
        var (three, four) = (RemoteRuns.Event(3), RemoteRuns.Event(4));
        var runs = ScriptedRemoteRuns.Of(RemoteRuns.Ended(Done, three, four) with { ModelEventsSkipped = 2 });

        var snapshots = await WatchAsync(runs, steps: 0, RemoteRuns.Spec(modelEventsSeen: 3));

        Assert.Equal([four], snapshots.SelectMany(snapshot => snapshot.ModelEvents));
    }

    [Fact]
    public async Task Runner_looks_again_when_a_look_fails_or_finds_nothing_yet()
    {
        var runs = new ScriptedRemoteRuns(() => null, Unreachable, () => RemoteRuns.Ended(Done));

        var snapshots = await WatchAsync(runs, steps: 2);

        Assert.Equal(Done, snapshots[^1].Outcome);
    }

    [Fact]
    public async Task Runner_waits_out_an_outage_of_minutes()
    {
        var outage = (int)(RemoteToolRunner.OutagePatience / PollingBackoff.Longest) - 1;
        var runs = new ScriptedRemoteRuns([.. Enumerable.Repeat<Func<ToolRunSnapshot?>>(Unreachable, outage), () => RemoteRuns.Ended(Done)]);

        var snapshots = await WatchAsync(runs, steps: outage);

        Assert.Equal(Done, snapshots[^1].Outcome);
    }

    [Fact]
    public async Task Runner_gives_up_when_an_outage_does_not_end() => await Assert.ThrowsAsync<IOException>(
        () => WatchAsync(new ScriptedRemoteRuns(Unreachable), steps: (int)(RemoteToolRunner.OutagePatience / PollingBackoff.Longest)));

    [Fact]
    public async Task Runner_starts_the_run_again_when_the_start_failed()
    {
        var runs = new ScriptedRemoteRuns(() => RemoteRuns.Ended(Done)) { StartFailures = new([new IOException("out of reach")]) };

        Assert.Equal(Done, (await WatchAsync(runs, steps: 1))[^1].Outcome);
        Assert.Empty(_local.Runs);
    }

    [Fact]
    public async Task Run_that_cannot_be_started_elsewhere_runs_in_this_process()
    {
        var failures = Enumerable.Range(0, RemoteToolRunner.StartAttempts).Select(_ => new IOException("out of reach"));
        var runs = new ScriptedRemoteRuns(() => null) { StartFailures = new(failures) };

        var snapshots = await WatchAsync(runs, steps: RemoteToolRunner.StartAttempts - 1);

        Assert.Equal(DoneHere, snapshots[^1].Outcome);
        Assert.Equal(RemoteRuns.Spec(), Assert.Single(_local.Runs));
    }

    [Fact]
    public async Task Run_that_is_lost_continues_in_this_process_after_the_model_events_that_were_reported()
    {
        var runs = new ScriptedRemoteRuns(() => RemoteRuns.Executing("half", RemoteRuns.Event(1), RemoteRuns.Event(2)), () => null);

        var snapshots = await WatchAsync(runs, steps: 1 + RemoteToolRunner.MissingLooks);

        Assert.Equal(DoneHere, snapshots[^1].Outcome);
        Assert.Equal(RemoteRuns.Spec() with { ModelEventsSeen = 2, ModelCallsMade = 2 }, Assert.Single(_local.Runs));
    }

    [Fact]
    public async Task Runner_reads_the_outcome_from_the_store_when_it_is_too_large_for_a_snapshot()
    {
        await _store.AppendAsync("run1", new ToolRunEntry(null, null, Done), CancellationToken.None);

        var snapshots = await WatchAsync(ScriptedRemoteRuns.Of(RemoteRuns.Ended(null)), steps: 0);

        Assert.Equal(Done, snapshots[^1].Outcome);
    }

    [Fact]
    public async Task Runner_fails_the_run_when_its_outcome_is_not_in_the_store()
    {
        var outcome = (await WatchAsync(ScriptedRemoteRuns.Of(RemoteRuns.Ended(null)), steps: 0))[^1].Outcome!;

        Assert.True(outcome.Failed);
        Assert.Contains("lost", outcome.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quick_tools_run_in_this_process()
    {
        var runs = ScriptedRemoteRuns.Of();

        var snapshots = await WatchAsync(runs, steps: 0, RemoteRuns.Spec(RemoteRuns.QuickTool));

        Assert.Equal(DoneHere, snapshots[^1].Outcome);
        Assert.Empty(runs.Started);
    }

    [Fact]
    public async Task Runner_stops_a_run_wherever_it_is()
    {
        var runs = ScriptedRemoteRuns.Of();

        await Runner(runs).CancelAsync("run1", CancellationToken.None);

        Assert.Equal(["run1"], runs.Stopped);
        Assert.Equal(["run1"], _local.Cancelled);
    }

    public void Dispose() => _folder.Dispose();

    private static ToolRunSnapshot? Unreachable() => throw new IOException("out of reach");

    private RemoteToolRunner Runner(IRemoteToolRuns runs) => new(runs, _local, _store, _time, NullLogger<RemoteToolRunner>.Instance);

    private async Task<List<ToolRunSnapshot>> WatchAsync(IRemoteToolRuns runs, int steps, ToolRunSpec? spec = null)
    {
        var watching = ReadAllAsync(Runner(runs).RunAsync(spec ?? RemoteRuns.Spec(), CancellationToken.None));
        for (var step = 0; step < steps; step++)
            await _time.StepAsync();
        return await watching;
    }

    private static async Task<List<ToolRunSnapshot>> ReadAllAsync(IAsyncEnumerable<ToolRunSnapshot> snapshots)
    {
        var all = new List<ToolRunSnapshot>();
        await foreach (var snapshot in snapshots)
            all.Add(snapshot);
        return all;
    }

    private sealed class LocalRunner : IToolRunner
    {
        public List<ToolRunSpec> Runs { get; } = [];

        public List<string> Cancelled { get; } = [];

        public async IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Runs.Add(spec);
            await Task.Yield();
            yield return new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = DoneHere };
        }

        public Task CancelAsync(string runId, CancellationToken cancellationToken)
        {
            Cancelled.Add(runId);
            return Task.CompletedTask;
        }
    }
}
