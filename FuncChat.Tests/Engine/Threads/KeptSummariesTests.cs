using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Threads;

public sealed class KeptSummariesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task List_of_a_user_waits_for_the_one_before_it()
    {
        var summaries = new KeptSummaries();
        using var client = new CancellationTokenSource();
        var first = await summaries.EnterAsync("a", CancellationToken.None);
        var second = summaries.EnterAsync("a", CancellationToken.None);
        var givenUp = summaries.EnterAsync("a", client.Token);

        using (await summaries.EnterAsync("b", CancellationToken.None))
            Assert.False(second.IsCompleted);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        first.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task Summaries_of_the_user_who_listed_longest_ago_are_forgotten_at_the_limit()
    {
        var summaries = new KeptSummaries(maxBytes: 10_000);

        await KeepAsync(summaries, "a");
        await KeepAsync(summaries, "b");
        Assert.Equal((true, true), (await HasAsync(summaries, "a"), await HasAsync(summaries, "b")));
        await KeepAsync(summaries, "c");

        Assert.Equal((false, true, true), (await HasAsync(summaries, "a"), await HasAsync(summaries, "b"), await HasAsync(summaries, "c")));
    }

    [Fact]
    public async Task Summary_of_a_thread_that_is_gone_is_forgotten()
    {
        var summaries = new KeptSummaries();
        await KeepAsync(summaries, "a");

        using (var kept = await summaries.EnterAsync("a", CancellationToken.None))
            kept.Limit([]);

        Assert.False(await HasAsync(summaries, "a"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task KeepAsync(KeptSummaries summaries, string user)
    {
        using var kept = await summaries.EnterAsync(user, CancellationToken.None);
        kept.Keep(new ThreadSummary("thread-0001", new string('x', 2000), default, default), Document(), DateTime.MaxValue);
    }

    private async Task<bool> HasAsync(KeptSummaries summaries, string user)
    {
        using var kept = await summaries.EnterAsync(user, CancellationToken.None);
        return kept.Find("thread-0001", Document()) is not null;
    }

    private FileInfo Document()
    {
        var document = new FileInfo(Path.Combine(_folder.Path, "thread.json"));
        if (!document.Exists)
            File.WriteAllText(document.FullName, "{}");
        document.Refresh();
        return document;
    }
}
