using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class RemoteToolRunnerTests
{
    private static readonly ToolRunOutcome Done = new("done", Failed: false);
    private readonly SteppedTime _time = new();
    private readonly Mock<IToolRunner> _quick = new(MockBehavior.Strict);
    private readonly Mock<IToolRunStore> _journal = new(MockBehavior.Strict);

    [Fact]
    public async Task Runner_starts_the_run_and_tells_of_it_until_its_outcome()
    {
        var runs = ScriptedRemoteRuns.Of(RemoteRuns.Queued, RemoteRuns.Executing("half"), RemoteRuns.Ended(Done));

        var snapshots = await WatchAsync(runs, steps: 2);

        Assert.Equal([ToolRunStatus.Queued, ToolRunStatus.Executing, ToolRunStatus.Ended], snapshots.Select(snapshot => snapshot.Status));
        Assert.Equal(("half", 1, 2), (snapshots[1].Message, snapshots[1].Completed, snapshots[1].Total));
        Assert.Equal(Done, snapshots[2].Outcome);
        Assert.Equal(RemoteRuns.Spec(), Assert.Single(runs.Started));
    }

    [Fact]
    public async Task Runner_says_nothing_twice_when_looks_find_no_change()
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
    public async Task Runner_tells_each_model_event_once_when_looks_skip_some()
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
    public async Task Runner_looks_again_when_a_look_fails_or_finds_nothing_yet()
    {
        var runs = new ScriptedRemoteRuns(() => null, () => throw new IOException("out of reach"), () => RemoteRuns.Ended(Done));

        var snapshots = await WatchAsync(runs, steps: 2);

        Assert.Equal(Done, snapshots[^1].Outcome);
    }

    [Fact]
    public async Task Runner_gives_up_when_no_look_succeeds() =>
        await Assert.ThrowsAsync<IOException>(() => WatchAsync(new ScriptedRemoteRuns(() => throw new IOException("out of reach")), steps: 9));

    [Theory]
    [InlineData(RemoteToolRunPhase.Stopped, "stopped")]
    [InlineData(RemoteToolRunPhase.Broken, "unexpectedly")]
    public async Task Runner_ends_a_run_as_failed_when_it_gave_no_result(RemoteToolRunPhase phase, string word)
    {
        var outcome = (await WatchAsync(ScriptedRemoteRuns.Of(new RemoteToolRunState(phase)), steps: 0))[^1].Outcome!;

        Assert.True(outcome.Failed);
        Assert.Contains(word, outcome.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runner_reads_the_outcome_from_the_journal_when_it_is_too_large_to_be_passed()
    {
        _journal.Setup(journal => journal.ReadAsync("run1", It.IsAny<CancellationToken>())).ReturnsAsync([new ToolRunEntry(null, null, Done)]);

        var snapshots = await WatchAsync(ScriptedRemoteRuns.Of(RemoteRuns.Ended(null)), steps: 0);

        Assert.Equal(Done, snapshots[^1].Outcome);
    }

    [Fact]
    public void Runner_leaves_quick_tools_to_the_runner_in_this_process()
    {
        var spec = RemoteRuns.Spec(RemoteRuns.QuickTool);
        var expected = new[] { new ToolRunSnapshot(ToolRunStatus.Executing) }.ToAsyncEnumerable();
        _quick.Setup(quick => quick.RunAsync(spec, CancellationToken.None)).Returns(expected);

        Assert.Same(expected, Runner(ScriptedRemoteRuns.Of()).RunAsync(spec, CancellationToken.None));
    }

    [Fact]
    public async Task Runner_stops_a_run_wherever_it_is()
    {
        var runs = ScriptedRemoteRuns.Of();
        _quick.Setup(quick => quick.CancelAsync("run1", CancellationToken.None)).Returns(Task.CompletedTask).Verifiable();

        await Runner(runs).CancelAsync("run1", CancellationToken.None);

        Assert.Equal(["run1"], runs.Stopped);
        _quick.Verify();
    }

    private RemoteToolRunner Runner(IRemoteToolRuns runs) => new(
        runs,
        _quick.Object,
        _journal.Object,
        _time,
        NullLogger<RemoteToolRunner>.Instance);

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
}
