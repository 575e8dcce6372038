using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.ToolRuns;

public sealed class InProcessToolRunnerTests : ToolRunnerContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new FakeModel().Otherwise(_ => [FakeModel.Text("yes"), FakeModel.Finish()]);

    [Fact]
    public async Task Long_run_that_was_cut_off_goes_on_from_its_steps()
    {
        var spec = Spec(GatedTools.Steps);
        var cutOff = WatchAsync(Open(), spec);
        await Tools.Started.WaitAsync();
        // Another process cannot see this one's memory, only its files: the second runner stands for it.
        var second = WatchAsync(Open(), spec);
        Tools.Go.Set();

        Assert.Equal("one,two,three", (await second)[^1].Outcome!.Content);
        await cutOff;
        Assert.Single(Tools.StepsDone, "one");
        Assert.Single(Tools.StepsDone, "two");
    }

    [Fact]
    public async Task Entry_that_a_crash_tore_is_as_if_it_never_was()
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
    public async Task Journal_removes_what_is_old()
    {
        var journal = new FileToolRunStore(_folder.Path);
        Tools.Go.Set();
        await WatchAsync(Open(), Spec(GatedTools.Steps));

        await journal.RemoveOlderThanAsync(DateTimeOffset.UnixEpoch, None);
        Assert.NotEmpty(await journal.ReadAsync(Spec(GatedTools.Steps).RunId, None));

        await journal.RemoveOlderThanAsync(DateTimeOffset.MaxValue, None);
        Assert.Empty(await journal.ReadAsync(Spec(GatedTools.Steps).RunId, None));
    }

    [Fact]
    public async Task Run_that_ended_before_anybody_looked_is_seen_to_execute_once()
    {
        var snapshots = await WatchAsync(Open(), Spec(GatedTools.Echo, """{"text":"x"}"""));

        Assert.Equal([ToolRunStatus.Executing, ToolRunStatus.Ended], snapshots.Select(snapshot => snapshot.Status));
    }

    [Fact]
    public async Task Tool_never_goes_on_on_the_thread_that_ended_its_wait()
    {
        var started = new ManualSignal();
        var received = new TaskCompletionSource();
        var (socket, tool) = (0, 0);
        var run = WatchAsync(Open([Tool.FromMethod(ReceiveAsync, "Receive", "Waits for a socket.")]), Spec("Receive"));
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

    public void Dispose() => _folder.Dispose();

    protected override IToolRunner Open() => Open(Tools.All);

    private InProcessToolRunner Open(IReadOnlyList<Tool> tools) => new(
        new ToolCatalog(tools), _model.Catalog, new FileToolRunStore(_folder.Path), TimeProvider.System, NullLogger<InProcessToolRunner>.Instance);
}
