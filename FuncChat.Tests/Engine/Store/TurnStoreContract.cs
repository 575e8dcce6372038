using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

/// <summary>What every store of turns promises about turns that are written, and about their signals. A store's own tests derive from this.</summary>
/// <typeparam name="T">The store.</typeparam>
public abstract class TurnStoreContract<T> : TurnStoreBench<T>
    where T : class, ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
{
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
}
