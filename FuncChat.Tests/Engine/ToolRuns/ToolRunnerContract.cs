using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.ToolRuns;

/// <summary>What every tool runner promises. A runner's own tests derive from this.</summary>
public abstract class ToolRunnerContract
{
    private readonly string _turn = Guid.NewGuid().ToString("N");

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>The tools that the tests run.</summary>
    internal GatedTools Tools { get; } = new();

    /// <summary>The one model, `fake:model`.</summary>
    internal FakeModel Model { get; } = new FakeModel().Otherwise(_ => [FakeModel.Text("yes"), FakeModel.Finish()]);

    /// <summary>A runner over the test's own store. Each call returns another instance, as after a restart of the process.</summary>
    protected abstract IToolRunner Open();

    [Fact]
    public async Task Run_ends_with_the_result_of_the_tool()
    {
        var snapshots = await WatchAsync(Open(), Spec(GatedTools.Echo, """{"text":"hello"}"""));

        Assert.Contains(snapshots, snapshot => snapshot.Status == ToolRunStatus.Executing);
        Assert.Equal(ToolRunStatus.Ended, snapshots[^1].Status);
        Assert.Equal(new ToolRunOutcome("hello", Failed: false), snapshots[^1].Outcome);
    }

    [Theory]
    [InlineData(GatedTools.Quick)]
    [InlineData(GatedTools.Long)]
    public async Task Run_that_is_started_twice_is_one_run_with_its_outcome_for_every_watcher(string tool)
    {
        var runner = Open();
        var spec = Spec(tool);
        var first = WatchAsync(runner, spec);
        await Tools.Started.WaitAsync();
        var others = Enumerable.Range(0, 8).Select(_ => WatchAsync(runner, spec)).ToList();

        Tools.Go.Set();

        Assert.Equal("done", Assert.Single(await first, snapshot => snapshot.Outcome is not null).Outcome!.Content);
        foreach (var other in others)
            Assert.Equal("done", Assert.Single(await other, snapshot => snapshot.Outcome is not null).Outcome!.Content);
        Assert.Equal(1, Tools.Runs);
    }

    [Theory]
    [InlineData(GatedTools.Quick)]
    [InlineData(GatedTools.Long)]
    public async Task Run_knows_the_user_whose_turn_it_is(string tool)
    {
        var watching = WatchAsync(Open(), Spec(tool) with { User = new ToolUser("ada", "token") });
        await Tools.Started.WaitAsync();
        Tools.Go.Set();
        await watching;

        Assert.Equal("ada", Tools.Run!.User.Id);
    }

    [Fact]
    public async Task Runs_of_different_ids_are_different_runs()
    {
        var runner = Open();

        Assert.Equal("a", (await WatchAsync(runner, Spec(GatedTools.Echo, """{"text":"a"}""", "call_a")))[^1].Outcome!.Content);
        Assert.Equal("b", (await WatchAsync(runner, Spec(GatedTools.Echo, """{"text":"b"}""", "call_b")))[^1].Outcome!.Content);
    }

    [Theory]
    [InlineData(GatedTools.Quick)]
    [InlineData(GatedTools.Long)]
    public async Task Snapshot_contains_the_latest_report_as_a_whole(string tool)
    {
        await using var watching = Open().RunAsync(Spec(tool), None).GetAsyncEnumerator();
        Assert.True(await watching.MoveNextAsync());
        await Tools.Started.WaitAsync();
        Tools.Run!.Report("1 of 3", 1, 3);
        Tools.Run!.Report("2 of 3", 2, 3);

        while (watching.Current is not { Message: "2 of 3", Completed: 2, Total: 3 })
            Assert.True(await watching.MoveNextAsync());

        Tools.Run!.Report("winding up");
        while (watching.Current is not { Message: "winding up", Completed: null, Total: null })
            Assert.True(await watching.MoveNextAsync());
        Tools.Go.Set();
    }

    [Theory]
    [InlineData(GatedTools.Fails, """{"error":"The page \"x\" is gone."}""")]
    [InlineData(GatedTools.Breaks, """{"error":"The tool failed unexpectedly. Do not retry with the same arguments."}""")]
    [InlineData("LongFails", """{"error":"The page \"x\" is gone."}""")]
    public async Task Failure_of_a_tool_is_an_outcome(string tool, string content)
    {
        var snapshots = await WatchAsync(Open(), Spec(tool));

        Assert.Equal(new ToolRunOutcome(content, Failed: true), snapshots[^1].Outcome);
    }

    [Theory]
    [InlineData(GatedTools.Quick)]
    [InlineData(GatedTools.Long)]
    public async Task Run_that_is_cancelled_ends_as_stopped(string tool)
    {
        var runner = Open();
        var spec = Spec(tool);
        var watching = WatchAsync(runner, spec);
        await Tools.Started.WaitAsync();

        await runner.CancelAsync(spec.RunId, None);

        Assert.Equal(new ToolRunOutcome("""{"error":"The tool call was stopped."}""", Failed: true), (await watching)[^1].Outcome);
        await Tools.Cancelled.WaitAsync();
    }

    [Fact]
    public async Task Cancelling_a_run_that_is_not_under_way_does_nothing()
    {
        var runner = Open();
        var spec = Spec(GatedTools.Echo, """{"text":"x"}""");
        await runner.CancelAsync(spec.RunId, None);

        Assert.Equal("x", (await WatchAsync(runner, spec))[^1].Outcome!.Content);
        await runner.CancelAsync(spec.RunId, None);
    }

    [Fact]
    public async Task Run_continues_when_its_watcher_leaves()
    {
        var runner = Open();
        var spec = Spec(GatedTools.Long);
        using (var leaving = new CancellationTokenSource())
        {
            var watching = WatchAsync(runner, spec, leaving.Token);
            await Tools.Started.WaitAsync();
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        }

        Assert.False(Tools.Cancelled.IsSet);
        Tools.Go.Set();

        Assert.Equal("done", (await WatchAsync(runner, spec))[^1].Outcome!.Content);
        Assert.Equal(1, Tools.Runs);
    }

    [Fact]
    public async Task Long_run_that_has_ended_returns_its_outcome_without_running_again()
    {
        var spec = Spec(GatedTools.Steps);
        Tools.Go.Set();
        var outcome = (await WatchAsync(Open(), spec))[^1].Outcome;

        var again = await WatchAsync(Open(), spec);

        Assert.Equal("one,two,three", outcome!.Content);
        Assert.Equal(outcome, again[^1].Outcome);
        Assert.Contains(again, snapshot => snapshot.Status == ToolRunStatus.Executing);
        Assert.Equal(1, Tools.Runs);
    }

    [Fact]
    public async Task Model_events_are_reported_once_to_each_watcher_and_not_those_it_has_seen()
    {
        var runner = Open();
        var spec = Spec(GatedTools.Asks);
        var first = WatchAsync(runner, spec);
        await Tools.Started.WaitAsync();
        var second = WatchAsync(runner, spec with { ModelEventsSeen = 1 });
        Tools.Go.Set();

        var all = (await first).SelectMany(snapshot => snapshot.ModelEvents).ToList();
        Assert.Equal([null, "stop", null, "stop"], all.Select(call => call.FinishReason));
        Assert.Equal([1, 1, 2, 2], all.Select(call => call.Iteration));
        Assert.Equal(all.Skip(1), (await second).SelectMany(snapshot => snapshot.ModelEvents));
    }

    internal ToolRunSpec Spec(string tool, string arguments = "{}", string callId = "call_0") =>
        new(ToolRunSpec.IdOf(new TurnKey("user", _turn), callId), callId, new ToolRef(tool), arguments, "fake:model")
        {
            LongRunning = Tools.All.FirstOrDefault(each => each.Name == tool)?.Policy.LongRunning == true,
        };

    internal static async Task<List<ToolRunSnapshot>> WatchAsync(IToolRunner runner, ToolRunSpec spec, CancellationToken cancellationToken = default)
    {
        var snapshots = new List<ToolRunSnapshot>();
        await foreach (var snapshot in runner.RunAsync(spec, cancellationToken))
            snapshots.Add(snapshot);
        return snapshots;
    }
}
