using System.Text;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

/// <summary>What the readers of every store of turns promise. A store's own tests derive from this.</summary>
/// <typeparam name="T">The store.</typeparam>
public abstract class TurnReaderContract<T> : TurnStoreBench<T>
    where T : class, ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
{
    [Fact]
    public async Task Turn_is_read_as_its_header_and_the_events_that_were_appended()
    {
        await using var writer = await CreateAsync(Open());
        Assert.Equal(0, writer.LastEventId);

        await AppendAsync(writer, First);
        await writer.AppendAsync(new EventBatch([Bytes(Second).AsMemory(0, 5), Bytes(Second).AsMemory(5)], 1, 2), None);

        Assert.Equal(2, writer.LastEventId);
        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Reader_reads_what_is_appended_after_it_was_opened()
    {
        await using var writer = await CreateAsync(Open());
        await using var reader = await OpenReaderAsync(Open());
        Assert.True((await reader.ReadAsync(0, None)).IsEmpty);

        await AppendAsync(writer, First);

        Assert.Equal((First, 1, TurnStatus.Running), await PageAsync(reader, 0));
        Assert.True((await reader.ReadAsync(1, None)).IsEmpty);
        await AppendAsync(writer, Second);
        Assert.Equal((Second, 2, TurnStatus.Ended), await PageAsync(reader, 1));
    }

    [Fact]
    public async Task Reader_reads_after_any_id_in_any_order()
    {
        await using var writer = await CreateAsync(Open());
        var frames = Enumerable.Range(1, 200).Select(id => $"id: {id * 10}\nevent: delta\ndata: {{\"content\":\"{new string('x', id * 100)}\"}}\n\n").ToList();
        var after = 0L;
        foreach (var batch in frames.Chunk(17))
        {
            var last = after + (batch.Length * 10);
            await writer.AppendAsync(new EventBatch([Bytes(string.Concat(batch))], after, last), None);
            after = last;
        }

        await using var reader = await OpenReaderAsync(Open());
        foreach (var id in new long[] { 1990, 0, 5, 10, 1000, 995, 1999, 2000, 30, long.MaxValue, 500, 1 })
            Assert.Equal(string.Concat(frames.Skip((int)Math.Min(200, id / 10))), await ToEndAsync(reader, id));
    }

    [Fact]
    public async Task Reader_never_returns_an_event_that_the_follower_has_when_the_store_lags()
    {
        await using var writer = await CreateAsync(Open());
        await using var reader = await OpenReaderAsync(Open());
        Assert.True((await reader.ReadAsync(1, None)).IsEmpty);
        await AppendAsync(writer, First);

        var page = await reader.ReadAsync(1, None);
        Assert.True(page.IsEmpty);
        Assert.Equal(1, page.LastId);
        await AppendAsync(writer, Second);
        Assert.Equal((Second, 2, TurnStatus.Ended), await PageAsync(reader, 1));
    }

    [Theory]
    [InlineData("complete", TurnStatus.Ended)]
    [InlineData("error", TurnStatus.Ended)]
    [InlineData("parked", TurnStatus.Parked)]
    [InlineData("delta", TurnStatus.Running)]
    public async Task Last_event_determines_the_status_of_the_turn(string name, TurnStatus status)
    {
        await using var writer = await CreateAsync(Open());
        await AppendAsync(writer, First);
        await AppendAsync(writer, $"id: 2\nevent: {name}\ndata: {{\"event\":\"parked\"}}\n\n");

        await using var reader = await OpenReaderAsync(Open());
        var end = await reader.ReadAsync(long.MaxValue, None);

        Assert.Equal((true, 2, status), (end.IsEmpty, end.LastId, end.Status));
    }

    [Fact]
    public async Task Store_takes_an_event_larger_than_any_buffer()
    {
        await using var writer = await CreateAsync(Open());
        var large = $"id: 1\nevent: delta\ndata: {{\"content\":\"{new string('x', 1_000_000)}\"}}\n\n";

        await AppendAsync(writer, large);
        await AppendAsync(writer, Second);

        Assert.Equal(Header + large + Second, await ReadAsync(Open()));
        await using var reader = await OpenReaderAsync(Open());
        Assert.Equal(Second, await ToEndAsync(reader, 1));
    }

    [Fact]
    public async Task Wait_for_more_of_a_turn_fails_once_it_was_removed()
    {
        var store = Open();
        await using (var writer = await CreateAsync(store))
            await AppendAsync(writer, First);
        await using var reader = await OpenReaderAsync(Open());
        Assert.Equal(First, await ToEndAsync(reader, 0));

        Assert.True(await store.RemoveAsync(Key, None));

        Assert.True((await reader.ReadAsync(1, None)).IsEmpty);
        await Assert.ThrowsAnyAsync<Exception>(() => reader.WaitAsync(None));
    }

    private static async Task<(string Frames, long LastId, TurnStatus Status)> PageAsync(ITurnReader reader, long afterId)
    {
        var page = await reader.ReadAsync(afterId, None);
        return (Encoding.UTF8.GetString(page.Frames.Span), page.LastId, page.Status);
    }
}
