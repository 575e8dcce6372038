using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Threads;

namespace FuncChat.Tests.Engine.Threads;

/// <summary>What every store of threads promises. A store's own tests derive from this.</summary>
public abstract class ThreadStoreContract : ThreadRemovalContract
{
    [Fact]
    public async Task Clock_of_an_empty_store_is_right()
    {
        var now = TimeProvider.System.GetUtcNow();

        Assert.InRange(await Open().NowAsync(None), now.AddMinutes(-5), now.AddMinutes(5));
    }

    [Fact]
    public async Task Thread_is_read_as_it_was_written()
    {
        var thread = Thread() with
        {
            Title = "Grüße 世界",
            TitleIsChosen = true,
            Model = "fake:model",
            Tools = ["echo"],
            SystemPrompt = "Be kind.",
            Folder = "Work",
            Metadata = new RawJson("""{"pinned":true}"""u8.ToArray()),
            Archived = true,
            Version = 7,
            Share = new ThreadShare(ThreadShare.NewShareId(), Now, Now.AddHours(1), "Shared", [new SharedTurn("turn-0001", ["file_1"])]) { IncludesTools = true, Instructions = "x" },
            Turns = [new ThreadTurn("turn-0001", null, Now) { EndedAt = Now.AddSeconds(1), Status = ThreadTurnStatus.Complete, Model = "fake:model", Bytes = 12 }],
        };

        var etag = await Open().WriteAsync(thread, null, None);

        var stored = await Open().ReadAsync(Key, None);
        Assert.Equal(etag, stored!.ETag);
        Assert.Equal(Encoding.UTF8.GetString(thread.ToJson()), Encoding.UTF8.GetString(stored.Thread.ToJson()));
    }

    [Fact]
    public async Task Thread_that_was_never_written_is_none()
    {
        Assert.Null(await Open().ReadAsync(Key, None));
        Assert.Empty(await Open().ListAsync(Key.User, None));
        Assert.Null(await Open().ReadTurnAsync(Key, "turn-0001", None));
        await Open().RemoveTurnAsync(Key, "turn-0001", None);
        await Open().RemoveAsync(Key, "none", None);
    }

    [Fact]
    public async Task Thread_is_created_by_one_of_many_that_try_at_once()
    {
        var etags = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(() => Open().WriteAsync(Thread() with { Title = $"{number}" }, null, None))));

        var created = Assert.Single(etags, etag => etag is not null);
        Assert.Equal(created, (await Open().ReadAsync(Key, None))!.ETag);
    }

    [Fact]
    public async Task Thread_is_changed_by_one_of_many_that_have_read_it()
    {
        var etag = await Open().WriteAsync(Thread(), null, None);

        var etags = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            Task.Run(() => Open().WriteAsync(Thread() with { Title = $"{number}", Version = 2 }, etag, None))));

        var changed = Assert.Single(etags, each => each is not null);
        Assert.Equal(changed, (await Open().ReadAsync(Key, None))!.ETag);
        Assert.NotEqual(etag, changed);
    }

    [Fact]
    public async Task Removed_thread_is_not_written_by_a_writer_that_has_read_it()
    {
        var etag = await Open().WriteAsync(Thread(), null, None);
        await Open().RemoveAsync(Key, etag!, None);

        Assert.Null(await Open().WriteAsync(Thread() with { Version = 2 }, etag, None));

        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task List_shows_the_threads_of_its_user_as_they_were_written_last()
    {
        var other = Key with { ThreadId = "thread-0002" };
        var etag = await Open().WriteAsync(Thread() with { Title = "First" }, null, None);
        await Open().WriteAsync(Thread() with { Id = other.ThreadId, Title = "Second" }, null, None);
        await Open().WriteAsync(Thread() with { Id = "thread-0003", User = Key.User + "x" }, null, None);
        var running = Thread() with
        {
            Title = "Renamed",
            Version = 2,
            Turns = [new ThreadTurn("turn-0001", null, Now) { Status = ThreadTurnStatus.Complete }, new ThreadTurn("turn-0002", "turn-0001", Now)],
        };
        await Open().WriteAsync(running, etag, None);

        var threads = (await Open().ListAsync(Key.User, None)).OrderBy(thread => thread.Id).ToList();

        Assert.Equal([running.Summary, (Thread() with { Id = other.ThreadId, Title = "Second" }).Summary], threads);
        Assert.Equal(("turn-0002", 2), (threads[0].RunningTurnId, threads[0].TurnCount));
        Assert.Single(await Open().ListAsync(Key.User + "x", None));
    }

    [Fact]
    public async Task List_shows_the_latest_change_of_several_writers()
    {
        await Open().WriteAsync(Thread(), null, None);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => RetitleAsync($"{number}"))));

        var stored = await Open().ReadAsync(Key, None);
        Assert.Equal(9, stored!.Thread.Version);
        Assert.Equal(stored.Thread.Summary, Assert.Single(await Open().ListAsync(Key.User, None)));
    }

    [Fact]
    public async Task Content_of_a_turn_is_read_as_it_was_written_last()
    {
        await Open().WriteTurnAsync(Key, "turn-0001", "one"u8.ToArray(), None);
        await Open().WriteTurnAsync(Key, "turn-0002", "two"u8.ToArray(), None);
        await Open().WriteTurnAsync(Key, "turn-0001", "three"u8.ToArray(), None);
        await Open().RemoveTurnAsync(Key, "turn-0002", None);

        Assert.Equal("three"u8.ToArray(), await Open().ReadTurnAsync(Key, "turn-0001", None));
        Assert.Null(await Open().ReadTurnAsync(Key, "turn-0002", None));
        Assert.Null(await Open().ReadTurnAsync(Key with { User = "Bob" }, "turn-0001", None));
    }

    [Fact]
    public async Task Links_that_were_written_before_a_time_are_listed()
    {
        var share = ThreadShare.NewShareId();
        Assert.Empty(await SharesAsync(TimeProvider.System.GetUtcNow().AddDays(1)));
        await Open().WriteShareAsync(share, Key, None);

        Assert.Empty(await SharesAsync(TimeProvider.System.GetUtcNow().AddDays(-1)));
        Assert.Equal([share], await SharesAsync(TimeProvider.System.GetUtcNow().AddDays(1)));

        async Task<List<string>> SharesAsync(DateTimeOffset writtenBefore)
        {
            var shares = new List<string>();
            await foreach (var each in Open().ListSharesAsync(writtenBefore, None))
                shares.Add(each);
            return shares;
        }
    }

    [Fact]
    public async Task Link_leads_to_the_thread_that_was_written_last_until_it_is_removed()
    {
        var (share, other) = (ThreadShare.NewShareId(), ThreadShare.NewShareId());
        await Open().RemoveShareAsync(share, None);
        await Open().WriteShareAsync(share, Key with { ThreadId = "thread-0002" }, None);
        await Open().WriteShareAsync(share, Key, None);
        await Open().WriteShareAsync(other, Key, None);

        Assert.Equal(Key, await Open().ReadShareAsync(share, None));
        await Open().RemoveShareAsync(share, None);

        Assert.Null(await Open().ReadShareAsync(share, None));
        Assert.Equal(Key, await Open().ReadShareAsync(other, None));
        await Assert.ThrowsAsync<ArgumentException>(() => Open().ReadShareAsync($"../{share}", None));
    }

    [Theory]
    [InlineData("../../escape")]
    [InlineData("a/b/c/d/e")]
    [InlineData("")]
    public async Task Id_that_is_not_valid_is_refused(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Open().ReadAsync(Key with { ThreadId = id }, None));
        await Assert.ThrowsAsync<ArgumentException>(() => Open().WriteTurnAsync(Key, id, "x"u8.ToArray(), None));
    }

    private async Task RetitleAsync(string title)
    {
        while (true)
        {
            var (thread, etag) = (await Open().ReadAsync(Key, None))!;
            if (await Open().WriteAsync(thread with { Title = title, Version = thread.Version + 1 }, etag, None) is not null)
                return;
        }
    }
}
