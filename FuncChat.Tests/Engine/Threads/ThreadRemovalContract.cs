using FuncChat.Engine.Threads;

namespace FuncChat.Tests.Engine.Threads;

/// <summary>What every store of threads promises of their removal.</summary>
public abstract class ThreadRemovalContract : DamagedThreadContract
{
    [Fact]
    public async Task Removal_leaves_nothing_of_the_thread_and_all_of_another()
    {
        var other = Key with { ThreadId = "thread-00011" };
        foreach (var key in new[] { Key, other })
        {
            await Open().WriteAsync(Thread() with { Id = key.ThreadId }, null, None);
            await Open().WriteTurnAsync(key, "turn-0001", "one"u8.ToArray(), None);
        }

        await RemoveAsync(Key);

        Assert.Null(await Open().ReadAsync(Key, None));
        Assert.Null(await Open().ReadTurnAsync(Key, "turn-0001", None));
        Assert.Equal(other.ThreadId, Assert.Single(await Open().ListAsync(Key.User, None)).Id);
        Assert.NotNull(await Open().ReadTurnAsync(other, "turn-0001", None));
        await RemoveAsync(other);
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task Removal_of_a_thread_removes_nothing_of_one_that_was_created_with_its_id()
    {
        var deleted = await Open().WriteAsync(Thread(), null, None);
        await RemoveAsync(Key);
        await Open().WriteAsync(Thread() with { Title = "New" }, null, None);
        await Open().WriteTurnAsync(Key, "turn-0001", "one"u8.ToArray(), None);

        await Open().RemoveAsync(Key, deleted!, None);

        Assert.Equal("New", (await Open().ReadAsync(Key, None))?.Thread.Title);
        Assert.Equal("New", Assert.Single(await Open().ListAsync(Key.User, None)).Title);
        Assert.NotNull(await Open().ReadTurnAsync(Key, "turn-0001", None));
    }

    [Fact]
    public async Task Expired_threads_are_those_that_have_not_changed_or_have_remains()
    {
        var old = Now.AddDays(-2);
        await Open().WriteAsync(Thread() with { UpdatedAt = old }, null, None);
        await Open().WriteAsync(Thread() with { Id = "thread-0002" }, null, None);
        await Open().WriteAsync(Thread() with { Id = "thread-0003", IsDeleted = true }, null, None);
        var deletion = new TurnDeletion("deletion_1", Now, [new ThreadTurn("turn-0001", null, Now)], ThreadShare.NewShareId());
        await Open().WriteAsync(Thread() with { Id = "thread-0004", Deletions = [deletion] }, null, None);
        var etag = await Open().WriteAsync(Thread() with { Id = "thread-0005", Deletions = [deletion] }, null, None);
        await Open().WriteAsync(Thread() with { Id = "thread-0005" }, etag, None);

        var expired = await ExpiredAsync(Now.AddDays(-1));

        Assert.Equal(["thread-0001", "thread-0003", "thread-0004"], expired.Where(thread => thread.User == Key.User).Select(thread => thread.Id).Order());
    }

    [Fact]
    public async Task Content_without_a_thread_expires()
    {
        await Open().WriteTurnAsync(Key, "content_0001", "1"u8.ToArray(), None);
        await ExpiredAsync(TimeProvider.System.GetUtcNow().AddDays(-1));
        Assert.NotNull(await Open().ReadTurnAsync(Key, "content_0001", None));

        await Open().WriteAsync(Thread() with { Id = "thread-0002", UpdatedAt = TimeProvider.System.GetUtcNow().AddDays(2) }, null, None);
        await Open().WriteTurnAsync(Key with { ThreadId = "thread-0002" }, "content_0002", "2"u8.ToArray(), None);
        await PassDayAsync();
        Assert.Empty(await ExpiredAsync(TimeProvider.System.GetUtcNow().AddDays(1)));

        Assert.Null(await Open().ReadTurnAsync(Key, "content_0001", None));
        Assert.NotNull(await Open().ReadTurnAsync(Key with { ThreadId = "thread-0002" }, "content_0002", None));
    }

    [Fact]
    public async Task Turn_that_is_written_once_a_thread_with_its_id_is_removed_stays()
    {
        for (var round = 0; round < RemovalRounds; round++)
        {
            await Open().WriteTurnAsync(Key, "content_old", "1"u8.ToArray(), None);
            var etag = await Open().WriteAsync(Thread() with { IsDeleted = true }, null, None);

            await Task.WhenAll(Task.Run(() => Open().RemoveAsync(Key, etag!, None)), Task.Run(async () =>
            {
                while (await Open().ReadAsync(Key, None) is not null)
                {
                    // It is being removed.
                }

                await Open().WriteTurnAsync(Key, "content_new", "2"u8.ToArray(), None);
                Assert.NotNull(await Open().WriteAsync(Thread() with { Version = 2 }, null, None));
            }));

            Assert.Null(await Open().ReadTurnAsync(Key, "content_old", None));
            Assert.Equal("2"u8.ToArray(), await Open().ReadTurnAsync(Key, "content_new", None));
            await RemoveAsync(Key);
        }
    }

    /// <summary>How often a thread is removed and created at once, so that both meet in each way.</summary>
    protected virtual int RemovalRounds => 3;
}
