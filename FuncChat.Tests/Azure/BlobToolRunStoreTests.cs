using System.Text;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Azure.Blobs;
using FuncChat.Engine;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Tests.Azure;

[Collection(AzuriteTests.Name)]
public sealed class BlobToolRunStoreTests(AzuriteServer azurite)
{
    private static readonly ToolRunEntry Ended = new(null, null, new ToolRunOutcome("done", Failed: false));
    private readonly string _container = AzuriteServer.NewContainer();

    [Fact]
    public async Task Journal_gives_back_what_was_added_in_order()
    {
        await Open().AppendAsync("run1", Step("plan", "1"), CancellationToken.None);
        await Open().AppendAsync("run1", Ended, CancellationToken.None);

        var entries = await Open().ReadAsync("run1", CancellationToken.None);

        Assert.Equal(["plan", null], entries.Select(entry => entry.Step));
        Assert.Equal("1", Encoding.UTF8.GetString(entries[0].Value!.Value.Utf8.Span));
        Assert.Equal(Ended.Outcome, entries[1].Outcome);
    }

    [Fact]
    public async Task Journal_keeps_every_step_when_many_end_at_the_same_time()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Open().AppendAsync("run1", Step($"step{number}", "{}"), CancellationToken.None)));

        Assert.Equal(16, (await Open().ReadAsync("run1", CancellationToken.None)).Select(entry => entry.Step).Distinct().Count());
    }

    [Fact]
    public async Task Journal_is_empty_for_a_run_that_never_was()
    {
        Assert.Empty(await Open().ReadAsync("run1", CancellationToken.None));
        await Open().AppendAsync("run2", Ended, CancellationToken.None);
        Assert.Empty(await Open().ReadAsync("run1", CancellationToken.None));
    }

    [Fact]
    public async Task Removal_of_a_run_spares_the_others()
    {
        await Open().RemoveAsync("run1", CancellationToken.None);
        await Open().AppendAsync("run1", Ended, CancellationToken.None);
        await Open().AppendAsync("run2", Ended, CancellationToken.None);

        await Open().RemoveAsync("run1", CancellationToken.None);

        Assert.Empty(await Open().ReadAsync("run1", CancellationToken.None));
        Assert.Single(await Open().ReadAsync("run2", CancellationToken.None));
    }

    [Fact]
    public async Task Progress_is_replaced_only_by_a_writer_that_knows_its_version()
    {
        IToolRunProgress progress = Open();
        var half = new ToolRunSnapshot(ToolRunStatus.Executing) { Message = "half" };
        Assert.Null(await progress.ReadAsync("run1", CancellationToken.None));

        var first = await progress.TryWriteAsync("run1", half, null, CancellationToken.None);
        Assert.Null(await progress.TryWriteAsync("run1", half, null, CancellationToken.None));
        var second = await progress.TryWriteAsync("run1", half with { Message = "most" }, first, CancellationToken.None);
        Assert.Null(await progress.TryWriteAsync("run1", half, first, CancellationToken.None));

        var stored = await progress.ReadAsync("run1", CancellationToken.None);
        Assert.Equal((second, "most"), (stored!.Version, stored.Snapshot.Message));
    }

    [Fact]
    public async Task Removal_of_a_run_removes_its_progress()
    {
        IToolRunProgress progress = Open();
        await progress.TryWriteAsync("run1", new ToolRunSnapshot(ToolRunStatus.Executing), null, CancellationToken.None);

        await Open().RemoveAsync("run1", CancellationToken.None);

        Assert.Null(await progress.ReadAsync("run1", CancellationToken.None));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public async Task Removal_by_age_takes_old_runs_alone(int days, int left)
    {
        await Open().AppendAsync("run1", Ended, CancellationToken.None);

        await Open().RemoveOlderThanAsync(TimeSpan.FromDays(-days), CancellationToken.None);

        Assert.Equal(left, (await Open().ReadAsync("run1", CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Removal_does_nothing_when_there_was_no_run_yet() => await Open().RemoveOlderThanAsync(TimeSpan.FromDays(-1), CancellationToken.None);

    [Fact]
    public async Task Run_that_cannot_be_removed_keeps_no_other_from_being_removed()
    {
        for (var run = 1; run <= 3; run++)
            await Open().AppendAsync($"run{run}", Ended, CancellationToken.None);
        await azurite.Container(_container).GetBlobClient("run2.jsonl").GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(60));

        await Assert.ThrowsAsync<IOException>(() => Open().RemoveOlderThanAsync(TimeSpan.FromDays(-1), CancellationToken.None));

        Assert.Equal(["run2.jsonl"], await azurite.Container(_container).GetBlobsAsync().Select(blob => blob.Name).ToListAsync());
    }

    private static ToolRunEntry Step(string name, string json) => new(name, new RawJson(Encoding.UTF8.GetBytes(json)), null);

    private BlobToolRunStore Open() => new(azurite.Container(_container));
}
