using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

/// <summary>What every store of turns promises. A store's own tests derive from this.</summary>
/// <typeparam name="T">The store.</typeparam>
public abstract class TurnStoreContract<T>
    where T : class, ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
{
    // Younger than nothing, and older than everything.
    private static readonly TimeSpan AnyAge = TimeSpan.FromDays(-1);
    private static readonly TimeSpan NoAge = TimeSpan.FromDays(10_000);

    protected const string Header = "{\"turn\":1}\n\n";
    protected const string First = "id: 1\nevent: delta\ndata: {\"content\":\"é\"}\n\n";
    protected const string Second = "id: 2\nevent: complete\ndata: {}\n\n";

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>A key of this test alone, where tests share a store.</summary>
    protected TurnKey Key { get; } = new($"user-{Guid.NewGuid():N}", "turn-0001");

    /// <summary>An instance over the test's own store: each call returns another one over the same.</summary>
    protected abstract T Open();

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
    public async Task Batch_is_refused_when_it_does_not_follow_the_last_event()
    {
        await using var writer = await CreateAsync(Open());
        await AppendAsync(writer, First);

        var failure = await Assert.ThrowsAsync<TurnStoreException>(async () => await writer.AppendAsync(new EventBatch([Bytes(Second)], 0, 2), None));

        Assert.Equal(TurnStoreFailure.LeaseLost, failure.Reason);
        Assert.Equal(Header + First, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Turn_is_created_once()
    {
        await using (await CreateAsync(Open()))
            Assert.Null(await Open().CreateAsync(Key, Bytes("{\"turn\":2}\n\n"), None));

        Assert.Null(await Open().CreateAsync(Key, Bytes("{\"turn\":2}\n\n"), None));
        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Turn_is_created_by_one_of_many_that_try_at_once()
    {
        var writers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Open().CreateAsync(Key, Bytes(Header), None))));

        await using var writer = Assert.Single(writers, writer => writer is not null);
        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Lease_is_acquired_by_one_of_many_that_try_at_once()
    {
        await (await CreateAsync(Open())).DisposeAsync();

        var writers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Open().TryAcquireAsync(Key, None))));

        await using var writer = Assert.Single(writers, writer => writer is not null);
    }

    [Fact]
    public async Task Turn_has_one_writer_at_a_time_across_instances()
    {
        var store = Open();
        await using var writer = await CreateAsync(store);

        Assert.Null(await store.TryAcquireAsync(Key, None));
        Assert.Null(await Open().TryAcquireAsync(Key, None));
    }

    [Fact]
    public async Task Lease_is_free_once_its_writer_is_disposed_even_twice()
    {
        var writer = await CreateAsync(Open());
        await AppendAsync(writer, First);
        await writer.DisposeAsync();
        await writer.DisposeAsync();

        await using var next = await Open().TryAcquireAsync(Key, None);
        Assert.NotNull(next);
        Assert.Equal(1, next.LastEventId);
        await AppendAsync(next, Second);

        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Attempt_counts_when_its_writer_was_never_disposed_and_as_long_as_there_is_no_progress()
    {
        await using (var first = await CreateAsync(Open()))
            Assert.Equal(1, await first.CountAttemptAsync(0, None));

        await using (var second = await Open().TryAcquireAsync(Key, None))
        {
            Assert.Equal(1, await second!.CountAttemptAsync(0, None));
            Assert.Equal(2, await second.CountAttemptAsync(0, None));
            Assert.Equal(1, await second.CountAttemptAsync(5, None));
        }
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
    public async Task Signals_are_received_once_in_order_by_the_runner_and_again_by_the_next_one()
    {
        await using var writer = await CreateAsync(Open());
        var inbox = Open().Open(Key);
        Assert.Empty(await inbox.ReadAsync(None));
        var answer = new TurnSignal("answer") { RequestId = "r1", Payload = new RawJson("{\n\"yes\": true}"u8.ToArray()) };

        await Open().SendAsync(Key, new TurnSignal("deny") { RequestId = "r0" }, None);
        await Open().SendAsync(Key, answer, None);

        var received = await inbox.ReadAsync(None);
        Assert.Equal(["deny", "answer"], received.Select(signal => signal.Type));
        Assert.Equal(["r0", "r1"], received.Select(signal => signal.RequestId));
        Assert.Contains("true", Encoding.UTF8.GetString(received[1].Payload!.Value.Utf8.Span), StringComparison.Ordinal);
        Assert.Empty(await inbox.ReadAsync(None));
        await Open().SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
        Assert.Equal([TurnSignal.Stop], (await inbox.ReadAsync(None)).Select(signal => signal.Type));
        Assert.Equal(["deny", "answer", "stop"], (await Open().Open(Key).ReadAsync(None)).Select(signal => signal.Type));
        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Signals_that_are_sent_at_once_all_arrive()
    {
        await using var writer = await CreateAsync(Open());

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Open().SendAsync(Key, new TurnSignal(TurnSignal.Stop), None))));

        Assert.Equal(16, (await Open().Open(Key).ReadAsync(None)).Count);
    }

    [Fact]
    public async Task Followed_mark_changes_each_time_that_a_turn_is_marked()
    {
        await using var writer = await CreateAsync(Open());
        Assert.Null(await Open().FollowedMarkAsync(Key, None));

        await Open().MarkFollowedAsync(Key, None);
        var first = await Open().FollowedMarkAsync(Key, None);
        Assert.Equal(first, await Open().FollowedMarkAsync(Key, None));
        await Open().MarkFollowedAsync(Key, None);

        Assert.NotNull(first);
        Assert.NotEqual(first, await Open().FollowedMarkAsync(Key, None));
    }

    [Fact]
    public async Task Removal_by_age_takes_old_turns_and_spares_those_that_are_written()
    {
        var store = Open();
        await using (await CreateAsync(store))
        {
            await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
            await Open().RemoveOlderThanAsync(AnyAge, None);
            Assert.Equal(Header, await ReadAsync(store));
        }

        await store.RemoveOlderThanAsync(NoAge, None);
        Assert.Equal(Header, await ReadAsync(store));

        await Open().RemoveOlderThanAsync(AnyAge, None);
        Assert.Null(await store.OpenAsync(Key, None));
        Assert.Null(await store.TryAcquireAsync(Key, None));
    }

    [Fact]
    public async Task Removed_turn_can_be_created_again_without_the_signals_that_were_sent_to_it()
    {
        var store = Open();
        await using (await CreateAsync(store))
        {
            await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
            await store.MarkFollowedAsync(Key, None);
        }

        await store.RemoveOlderThanAsync(AnyAge, None);

        await using var again = await CreateAsync(store);

        Assert.Empty(await store.Open(Key).ReadAsync(None));
        Assert.Null(await store.FollowedMarkAsync(Key, None));
    }

    [Fact]
    public async Task Removal_of_a_turn_takes_all_of_it_and_spares_one_that_is_written()
    {
        var store = Open();
        var other = Key with { TurnId = Key.TurnId + "1" };
        await (await store.CreateAsync(other, Bytes(Header), None))!.DisposeAsync();
        await using (var writer = await CreateAsync(store))
        {
            await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
            await store.MarkFollowedAsync(Key, None);
            await AppendAsync(writer, First);
            Assert.False(await Open().RemoveAsync(Key, None));
            Assert.Equal(Header + First, await ReadAsync(store));
        }

        Assert.True(await Open().RemoveAsync(Key, None));

        Assert.Null(await store.OpenAsync(Key, None));
        Assert.Empty(await store.Open(Key).ReadAsync(None));
        Assert.Null(await store.FollowedMarkAsync(Key, None));
        Assert.True(await Open().RemoveAsync(Key, None));
        await using var reader = await store.OpenAsync(other, None);
        Assert.NotNull(reader);
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

    [Fact]
    public async Task Turn_that_does_not_exist_is_neither_read_nor_acquired_nor_signalled()
    {
        var store = Open();

        Assert.Null(await store.OpenAsync(Key, None));
        Assert.Null(await store.TryAcquireAsync(Key, None));
        await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
        await store.MarkFollowedAsync(Key, None);
        Assert.Empty(await store.Open(Key).ReadAsync(None));
        Assert.Null(await store.OpenAsync(Key, None));
    }

    [Fact]
    public Task Check_succeeds_when_the_store_works() => Open().CheckAsync(None);

    [Theory]
    [InlineData("someone.else@example.com")]
    [InlineData("../../etc")]
    [InlineData("ユーザー|with/odd\\letters")]
    public async Task Turn_of_one_user_is_not_reached_by_another_with_the_same_id(string suffix)
    {
        var store = Open();
        await using var mine = await CreateAsync(store);
        var other = Key with { User = Key.User.ToUpperInvariant() + suffix };

        Assert.Null(await store.OpenAsync(other, None));
        Assert.Null(await store.TryAcquireAsync(other, None));
        await using var theirs = await store.CreateAsync(other, Bytes("{\"turn\":\"theirs\"}\n\n"), None);

        Assert.NotNull(theirs);
        Assert.Equal(Header, await ReadAsync(store));
    }

    [Fact]
    public async Task Users_whose_names_differ_in_case_alone_are_two()
    {
        var store = Open();
        await using var mine = await CreateAsync(store);

        await using var theirs = await store.CreateAsync(Key with { User = Key.User.ToUpperInvariant() }, Bytes(Header), None);

        Assert.NotNull(theirs);
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Appends one event.</summary>
    protected static ValueTask AppendAsync(ITurnWriter writer, string frame) =>
        writer.AppendAsync(new EventBatch([Bytes(frame)], writer.LastEventId, StoredFrames.IdOf(Bytes(frame))), None);

    protected async Task<ITurnWriter> CreateAsync(T store)
    {
        var writer = await store.CreateAsync(Key, Bytes(Header), None);
        Assert.NotNull(writer);
        return writer;
    }

    protected async Task<string> ReadAsync(T store)
    {
        await using var reader = await OpenReaderAsync(store);
        return Encoding.UTF8.GetString(reader.Header.Span) + await ToEndAsync(reader, 0);
    }

    protected static async Task<string> ToEndAsync(ITurnReader reader, long afterId)
    {
        var text = new StringBuilder();
        while (await reader.ReadAsync(afterId, None) is { IsEmpty: false } page)
        {
            text.Append(Encoding.UTF8.GetString(page.Frames.Span));
            afterId = page.LastId;
        }

        return text.ToString();
    }

    private static async Task<(string Frames, long LastId, TurnStatus Status)> PageAsync(ITurnReader reader, long afterId)
    {
        var page = await reader.ReadAsync(afterId, None);
        return (Encoding.UTF8.GetString(page.Frames.Span), page.LastId, page.Status);
    }

    private async Task<ITurnReader> OpenReaderAsync(T store)
    {
        var reader = await store.OpenAsync(Key, None);
        Assert.NotNull(reader);
        return reader;
    }
}
