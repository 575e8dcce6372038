using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.ToolRuns;

public sealed class InProcessToolRunnerTests : ToolRunnerContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Long_run_that_was_interrupted_resumes_after_its_last_step()
    {
        var spec = Spec(GatedTools.Steps);
        var cutOff = WatchAsync(Open(), spec);
        await Tools.Started.WaitAsync();
        // The second runner is like another process: it sees nothing but the files.
        var second = WatchAsync(Open(), spec);
        Tools.Go.Set();

        Assert.Equal("one,two,three", (await second)[^1].Outcome!.Content);
        await cutOff;
        Assert.Single(Tools.StepsDone, "one");
        Assert.Single(Tools.StepsDone, "two");
    }

    [Fact]
    public async Task Entry_that_a_crash_truncated_is_ignored()
    {
        var journal = new FileToolRunStore(_folder.Path);
        var spec = Spec(GatedTools.Steps);
        Tools.Go.Set();
        await WatchAsync(Open(), spec);
        var path = Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder.Path, "runs")));
        var whole = await File.ReadAllBytesAsync(path);
        var entries = await journal.ReadAsync(spec.RunId, None);

        for (var length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            var read = await journal.ReadAsync(spec.RunId, None);
            Assert.Equal(entries.Take(read.Count).Select(entry => entry.Step), read.Select(entry => entry.Step));

            await journal.AppendAsync(spec.RunId, new ToolRunEntry("next", entries[0].Value, null), None);
            var next = await journal.ReadAsync(spec.RunId, None);
            Assert.Equal("next", next[^1].Step);
            Assert.InRange(next.Count, read.Count + 1, entries.Count + 1);
        }
    }

    [Fact]
    public async Task Store_removes_a_run_and_spares_the_others()
    {
        var journal = new FileToolRunStore(_folder.Path);
        await journal.RemoveAsync("run1", None);
        await journal.AppendAsync("run1", new ToolRunEntry(null, null, new ToolRunOutcome("done", Failed: false)), None);
        await journal.AppendAsync("run2", new ToolRunEntry(null, null, new ToolRunOutcome("done", Failed: false)), None);

        await journal.RemoveAsync("run1", None);

        Assert.Empty(await journal.ReadAsync("run1", None));
        Assert.Single(await journal.ReadAsync("run2", None));
    }

    [Fact]
    public async Task Store_removes_old_runs()
    {
        var journal = new FileToolRunStore(_folder.Path);
        Tools.Go.Set();
        await WatchAsync(Open(), Spec(GatedTools.Steps));

        await journal.RemoveOlderThanAsync(TimeSpan.FromDays(1), None);
        Assert.NotEmpty(await journal.ReadAsync(Spec(GatedTools.Steps).RunId, None));

        await journal.RemoveOlderThanAsync(TimeSpan.FromDays(-1), None);
        Assert.Empty(await journal.ReadAsync(Spec(GatedTools.Steps).RunId, None));
    }

    [Fact]
    public async Task Run_that_ended_before_the_first_look_is_reported_as_executing_once()
    {
        var snapshots = await WatchAsync(Open(), Spec(GatedTools.Echo, """{"text":"x"}"""));

        Assert.Equal([ToolRunStatus.Executing, ToolRunStatus.Ended], snapshots.Select(snapshot => snapshot.Status));
    }

    [Fact]
    public async Task Tool_never_resumes_on_the_thread_that_ended_its_wait()
    {
        var started = new ManualSignal();
        var received = new TaskCompletionSource();
        var (socket, tool) = (0, 0);
        var run = WatchAsync(
            Open(new FileToolRunStore(_folder.Path), TimeProvider.System, Tool.FromMethod(ReceiveAsync, "Receive", "Waits for a socket.")), Spec("Receive"));
        await started.WaitAsync();

        var thread = new Thread(() =>
        {
            socket = Environment.CurrentManagedThreadId;
            received.SetResult();
        });
        thread.Start();

        Assert.Equal("done", (await run)[^1].Outcome!.Content);
        Assert.NotEqual(socket, tool);

        async Task<string> ReceiveAsync()
        {
            started.Set();
            await received.Task;
            tool = Environment.CurrentManagedThreadId;
            return "done";
        }
    }

    [Fact]
    public async Task Step_waits_for_the_store_and_never_runs_again_when_the_store_was_away()
    {
        var time = new SteppedTime();
        var store = new FailingToolRunStore(new FileToolRunStore(_folder.Path));
        Tools.Go.Set();
        store.FailNext(3);

        var watching = WatchAsync(Open(store, time), Spec(GatedTools.Steps));
        for (var failure = 0; failure < 3; failure++)
            await time.StepAsync();

        Assert.Equal("one,two,three", (await watching)[^1].Outcome!.Content);
        Assert.Equal(["one", "two", "three"], Tools.StepsDone);
    }

    [Fact]
    public async Task Run_resumes_after_its_last_stored_step_when_the_store_was_away_for_too_long()
    {
        var time = new SteppedTime();
        var store = new FailingToolRunStore(new FileToolRunStore(_folder.Path));
        Tools.Go.Set();
        store.FailFrom("two");
        var watching = WatchAsync(Open(store, time), Spec(GatedTools.Steps));
        for (var waited = TimeSpan.Zero; waited < RetryingToolRunStore.Patience;)
            waited += await time.StepAsync();
        Assert.Equal(ToolRunOutcome.Unavailable, (await watching)[^1].Outcome);

        store.Recover();
        var again = await WatchAsync(Open(store, time), Spec(GatedTools.Steps));

        Assert.Equal("one,two,three", again[^1].Outcome!.Content);
        Assert.Single(Tools.StepsDone, "one");
    }

    [Fact]
    public async Task Run_that_waits_for_the_store_is_cancelled_at_once()
    {
        var time = new SteppedTime();
        var store = new FailingToolRunStore(new FileToolRunStore(_folder.Path));
        store.FailFrom("one");
        var runner = Open(store, time);
        var watching = WatchAsync(runner, Spec(GatedTools.Steps));
        await time.StepAsync();

        await runner.CancelAsync(Spec(GatedTools.Steps).RunId, None);

        Assert.Equal(ToolRunOutcome.Stopped, (await watching)[^1].Outcome);
    }

    [Theory]
    [InlineData("gone", FakeModel.Name)]
    [InlineData(GatedTools.Echo, "gone:model")]
    public async Task Run_fails_when_this_instance_lacks_the_tool_or_the_model(string tool, string model)
    {
        var snapshots = await WatchAsync(Open(), Spec(tool, """{"text":"x"}""") with { Model = model });

        Assert.True(snapshots[^1].Outcome!.Failed);
        Assert.DoesNotContain("unexpectedly", snapshots[^1].Outcome!.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_with_the_same_id_starts_again_when_the_first_one_has_ended()
    {
        var runner = Open();

        Assert.Equal("x", (await WatchAsync(runner, Spec(GatedTools.Echo, """{"text":"x"}""")))[^1].Outcome!.Content);
        Assert.Equal("x", (await WatchAsync(runner, Spec(GatedTools.Echo, """{"text":"x"}""")))[^1].Outcome!.Content);
    }

    public void Dispose() => _folder.Dispose();

    protected override IToolRunner Open() => Open(new FileToolRunStore(_folder.Path), TimeProvider.System);

    private InProcessToolRunner Open(IToolRunStore store, TimeProvider time, params Tool[] more) =>
        TestToolRunner.InProcess([.. Tools.All, .. more], Model.Catalog, store, time);
}
