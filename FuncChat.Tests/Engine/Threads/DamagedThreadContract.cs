using System.Text.Json;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;

namespace FuncChat.Tests.Engine.Threads;

/// <summary>What every store of threads promises of those that a disk has changed.</summary>
public abstract class DamagedThreadContract : ThreadStoreBench
{
    [Fact]
    public async Task Damaged_thread_keeps_no_other_from_being_listed_or_from_expiring()
    {
        var ids = new[] { "thread-0001", "thread-0002", "thread-0003" };
        foreach (var id in ids)
            await Open().WriteAsync(Thread() with { Id = id }, null, None);

        await DamageAsync(Key with { ThreadId = ids[1] }, "{");

        Assert.Equal([ids[0], ids[2]], (await ExpiredAsync(Now.AddDays(1))).Select(thread => thread.Id).Order());
        Assert.Superset(new HashSet<string> { ids[0], ids[2] }, (await Open().ListAsync(Key.User, None)).Select(thread => thread.Id).ToHashSet());
        var failure = await Assert.ThrowsAsync<TurnStoreException>(() => Open().ReadAsync(Key with { ThreadId = ids[1] }, None));
        Assert.Equal(TurnStoreFailure.Damaged, failure.Reason);
    }

    [Fact]
    public async Task Damaged_thread_is_removed_with_what_can_be_read_of_it()
    {
        var share = ThreadShare.NewShareId();
        await Open().WriteAsync(Thread(), null, None);
        await Open().WriteTurnAsync(Key, "turn-0001", "x"u8.ToArray(), None);
        await DamageAsync(Key, $$"""{"user":"ada","turns":[{"turn_id":"turn-0001"},{"turn_id": "turn-0002","share":{"id":"{{share}}""");

        var (thread, etag) = (await Open().ReadDamagedAsync(Key, None))!;
        Assert.True(thread.IsDamaged);
        Assert.Equal(["turn-0001", "turn-0002"], thread.Turns.Select(turn => turn.TurnId));
        Assert.Equal((Key, share), (thread.Key, thread.Share?.Id));
        var marked = await Open().WriteAsync(thread with { IsDeleted = true }, etag, None);
        Assert.True((await Open().ReadAsync(Key, None))!.Thread.IsDeleted);
        await Open().RemoveAsync(Key, marked!, None);
        Assert.Empty(await NamesAsync());
        Assert.Null(await Open().ReadDamagedAsync(Key, None));
    }

    [Fact]
    public async Task Damaged_thread_expires_whether_or_not_its_user_can_be_read()
    {
        foreach (var id in new[] { "thread-0001", "thread-0002" })
        {
            await Open().WriteAsync(Thread() with { Id = id }, null, None);
            await Open().WriteTurnAsync(Key with { ThreadId = id }, "turn-0001", "x"u8.ToArray(), None);
        }

        await DamageAsync(Key with { ThreadId = "thread-0001" }, $$"""{"user":{{JsonSerializer.Serialize(Key.User)}},"id":7}""");
        await DamageAsync(Key with { ThreadId = "thread-0002" }, """{"user":"another"}""");

        Assert.DoesNotContain(await ExpiredAsync(TimeProvider.System.GetUtcNow().AddDays(-1)), thread => thread.User == Key.User);
        Assert.Contains(await NamesAsync(), name => name.Contains("thread-0002", StringComparison.Ordinal));
        var expired = Assert.Single(await ExpiredAsync(TimeProvider.System.GetUtcNow().AddDays(1)), thread => thread.User == Key.User);
        Assert.Equal((Key, true), (expired.Key, expired.IsDamaged));
        Assert.DoesNotContain(await NamesAsync(), name => name.Contains("thread-0002", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"user":"USER","id":"thread-0001","title":"","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","turns":null}""")]
    [InlineData("""{"user":"USER","id":"thread-0001","title":null,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","turns":[]}""")]
    [InlineData("""{"user":"USER","id":"thread-0002","title":"","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","turns":[]}""")]
    [InlineData("""{"user":"USER","id":"thread-0001","title":"","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","turns":[null]}""")]
    [InlineData("""{"user":"USER","id":"thread-0001","title":"","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","turns":[{"turn_id":"../../escape"}]}""")]
    [InlineData("""{"user":"another","id":"thread-0001","title":"","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","turns":[]}""")]
    public async Task Thread_that_lacks_what_it_needs_is_damaged(string json)
    {
        await Open().WriteAsync(Thread(), null, None);
        await DamageAsync(Key, json.Replace("\"USER\"", JsonSerializer.Serialize(Key.User), StringComparison.Ordinal));

        Assert.Equal(TurnStoreFailure.Damaged, (await Assert.ThrowsAsync<TurnStoreException>(() => Open().ReadAsync(Key, None))).Reason);
    }
}
