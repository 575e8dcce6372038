using Azure;
using Azure.Data.Tables;
using FuncChat.Azure.Blobs;
using FuncChat.Azure.Threads;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Azure.Usage;
using FuncChat.Tests.Engine.Threads;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Azure.Threads;

[Collection(AzuriteTests.Name)]
public sealed class BlobThreadStoreTests(AzuriteServer azurite) : ThreadStoreContract
{
    private readonly string _container = AzuriteServer.NewContainer();
    private readonly string _table = $"test{Guid.NewGuid():N}";

    private TableClient Table => new(azurite.ConnectionString, _table);

    [Fact]
    public async Task Row_without_a_thread_is_removed_with_the_expired_ones()
    {
        await Open().WriteAsync(Thread(), null, None);
        await azurite.Container(_container).DeleteAsync();

        Assert.Empty(await ExpiredAsync(Now.AddDays(1)));

        Assert.Empty(await Open().ListAsync(Key.User, None));
    }

    [Fact]
    public async Task Contents_that_never_had_a_thread_are_looked_for_once_a_day()
    {
        var store = Open();
        var since = TimeProvider.System.GetUtcNow().AddDays(1);
        await store.WriteTurnAsync(Key, "content_0001", "1"u8.ToArray(), None);
        await ListAsync(since);
        Assert.Null(await store.ReadTurnAsync(Key, "content_0001", None));
        await store.WriteTurnAsync(Key, "content_0001", "1"u8.ToArray(), None);

        await ListAsync(since.AddHours(23));
        Assert.NotNull(await store.ReadTurnAsync(Key, "content_0001", None));

        await PassDayAsync();
        await ListAsync(since.AddDays(1));
        Assert.Null(await store.ReadTurnAsync(Key, "content_0001", None));

        async Task ListAsync(DateTimeOffset unchangedSince)
        {
            await foreach (var thread in store.ListExpiredAsync(unchangedSince, None))
                Assert.Fail($"{thread.Id} has not expired.");
        }
    }

    [Fact]
    public async Task Contents_that_never_had_a_thread_are_looked_for_by_one_of_the_instances()
    {
        var since = TimeProvider.System.GetUtcNow().AddDays(1);
        Assert.Empty(await ExpiredAsync(since));
        await Open().WriteTurnAsync(Key, "content_0001", "1"u8.ToArray(), None);

        Assert.Empty(await ExpiredAsync(since));

        Assert.NotNull(await Open().ReadTurnAsync(Key, "content_0001", None));
    }

    [Fact]
    public async Task Contents_that_never_had_a_thread_are_looked_for_again_after_an_hour_if_the_store_failed()
    {
        var network = new LossyNetwork();
        var store = new BlobThreadStore(azurite.Container(_container, network.Options()), Table, NullLogger<BlobThreadStore>.Instance);
        var since = TimeProvider.System.GetUtcNow().AddDays(1);
        await store.WriteTurnAsync(Key, "content_0001", "1"u8.ToArray(), None);
        network.Down = true;
        await Assert.ThrowsAsync<IOException>(() => ListAsync(since));
        network.Down = false;

        await ListAsync(since.AddMinutes(30));
        Assert.NotNull(await store.ReadTurnAsync(Key, "content_0001", None));

        await ListAsync(since.AddHours(1));
        Assert.Null(await store.ReadTurnAsync(Key, "content_0001", None));

        async Task ListAsync(DateTimeOffset unchangedSince)
        {
            await foreach (var thread in store.ListExpiredAsync(unchangedSince, None))
                Assert.Fail($"{thread.Id} has not expired.");
        }
    }

    [Fact]
    public async Task Change_of_a_thread_that_this_instance_wrote_last_reads_no_row_and_notices_the_changes_of_others()
    {
        var network = new FailingNetwork();
        var store = new BlobThreadStore(azurite.Container(_container), new TableClient(azurite.ConnectionString, _table, network.Options()), NullLogger<BlobThreadStore>.Instance);
        var etag = await store.WriteAsync(Thread(), null, None);
        var before = network.Requests;

        etag = await store.WriteAsync(Thread() with { Title = "Second", Version = 2 }, etag, None);
        Assert.Equal(1, network.Requests - before);
        etag = await Open().WriteAsync(Thread() with { Title = "Third", Version = 3 }, etag, None);
        etag = await store.WriteAsync(Thread() with { Title = "Fourth", Version = 4 }, etag, None);

        Assert.Equal("Fourth", Assert.Single(await Open().ListAsync(Key.User, None)).Title);
        await store.RemoveAsync(Key, etag!, None);
        Assert.NotNull(await store.WriteAsync(Thread() with { Title = "Again" }, null, None));
        Assert.Equal("Again", Assert.Single(await Open().ListAsync(Key.User, None)).Title);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Row_of_a_new_thread_replaces_one_that_a_crash_has_left(int version)
    {
        await Open().WriteAsync(Thread() with { Title = "Before", Version = version }, null, None);
        await azurite.Container(_container).DeleteAsync();

        Assert.NotNull(await Open().WriteAsync(Thread() with { Title = "After" }, null, None));

        Assert.Equal("After", Assert.Single(await Open().ListAsync(Key.User, None)).Title);
    }

    [Fact]
    public async Task Row_of_a_thread_stays_when_another_with_its_id_is_refused()
    {
        await Open().WriteAsync(Thread() with { Title = "First" }, null, None);

        Assert.Null(await Open().WriteAsync(Thread() with { Title = "Refused" }, null, None));

        Assert.Equal("First", Assert.Single(await Open().ListAsync(Key.User, None)).Title);
    }

    [Fact]
    public async Task Row_is_written_when_another_instance_has_deleted_the_thread_and_created_it_again()
    {
        var store = Open();
        await store.WriteAsync(Thread() with { Title = "Deleted", Version = 7 }, null, None);
        await RemoveAsync(Key);
        var etag = await Open().WriteAsync(Thread() with { Title = "Created" }, null, None);

        Assert.NotNull(await store.WriteAsync(Thread() with { Title = "Changed", Version = 2 }, etag, None));

        Assert.Equal("Changed", Assert.Single(await Open().ListAsync(Key.User, None)).Title);
    }

    [Fact]
    public async Task Row_that_a_crash_kept_from_being_written_is_written_with_the_next_change()
    {
        var etag = await Open().WriteAsync(Thread(), null, None);
        await Table.DeleteEntityAsync(UserHash.Of(Key.User), Key.ThreadId, ETag.All);

        await Open().WriteAsync(Thread() with { Title = "Next", Version = 2 }, etag, None);

        Assert.Equal("Next", Assert.Single(await Open().ListAsync(Key.User, None)).Title);
    }

    protected override IThreadStore Open() => new BlobThreadStore(azurite.Container(_container), Table, NullLogger<BlobThreadStore>.Instance);

    protected override async Task PassDayAsync() => await azurite.Container(_container).DeleteBlobAsync(BlobDoneWork.Prefix + "leftovers");

    protected override Task DamageAsync(ThreadKey key, string json) => azurite.Container(_container)
        .GetBlobClient($"{UserHash.Of(key.User)}/{key.ThreadId}/thread.json").UploadAsync(BinaryData.FromString(json), overwrite: true);

    protected override async Task<IReadOnlyList<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var blob in azurite.Container(_container).GetBlobsAsync())
            names.Add(blob.Name);
        await foreach (var row in Table.QueryAsync<TableEntity>())
            names.Add($"{row.PartitionKey}/{row.RowKey}");
        return [.. names.Where(name => name.StartsWith(UserHash.Of(Key.User), StringComparison.Ordinal))];
    }
}
