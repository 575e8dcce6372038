using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Azure.Blobs;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Engine.Store;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Azure;

[Collection(AzuriteTests.Name)]
public sealed class BlobTurnStoreTests(AzuriteServer azurite) : TurnStoreContract<BlobTurnStore>
{
    private readonly string _container = AzuriteServer.NewContainer();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Log_is_stored_in_batches() => Assert.True(Open().IsWriteBehind);

    [Fact]
    public async Task Turn_whose_creation_got_no_further_than_its_blob_can_be_created_again()
    {
        await (await CreateAsync(Open())).DisposeAsync();
        await (await BlobAsync()).CreateAsync();

        await using var writer = await CreateAsync(Open());

        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Writer_that_lost_its_lease_cannot_write_any_more()
    {
        await using var lost = await CreateAsync(Open());
        await BreakLeaseAsync();
        await using var next = await Open().TryAcquireAsync(Key, None);
        await AppendAsync(next!, First);

        await Assert.ThrowsAsync<TurnStoreException>(async () => await AppendAsync(lost, Second));

        Assert.Equal(Header + First, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Writer_cannot_write_when_its_blob_does_not_end_where_it_left_it()
    {
        await using var stale = await CreateAsync(Open());
        await BreakLeaseAsync();
        await using (var next = await Open().TryAcquireAsync(Key, None))
            await AppendAsync(next!, First);
        await (await BlobAsync()).GetBlobLeaseClient(LeaseIdOf(stale)).AcquireAsync(BlobTurnLease.Duration);

        await Assert.ThrowsAsync<TurnStoreException>(async () => await AppendAsync(stale, Second));

        Assert.Equal(Header + First, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Turn_that_is_begun_stores_its_header_with_its_first_events()
    {
        var network = new LossyNetwork();
        await azurite.Container(_container).CreateAsync();
        await using var writer = await Open(network).BeginAsync(Key, Bytes(Header), None);

        Assert.Null(await Open().OpenAsync(Key, None));
        Assert.Null(await Open().CreateAsync(Key, Bytes(Header), None));
        Assert.Null(await Open().BeginAsync(Key, Bytes(Header), None));
        Assert.Null(await Open().TryAcquireAsync(Key, None));
        await AppendAsync(writer!, First);
        Assert.Equal(Header + First, await ReadAsync(Open()));
        await AppendAsync(writer!, Second);

        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
        Assert.Equal(["PUT blob", "PUT lease acquire", "PUT appendblock", "PUT appendblock"], network.Log);
    }

    [Fact]
    public async Task Turn_that_is_begun_and_has_no_event_is_stored_when_its_writer_is_disposed()
    {
        await (await Open().BeginAsync(Key, Bytes(Header), None))!.DisposeAsync();

        Assert.Equal(Header, await ReadAsync(Open()));
        await using var next = await Open().TryAcquireAsync(Key, None);
        await AppendAsync(next!, First);
        Assert.Equal(Header + First, await ReadAsync(Open()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_that_is_begun_and_can_not_be_stored_is_logged_when_its_writer_is_disposed(bool isTaken)
    {
        var (network, logs) = (new LossyNetwork(), new LogLines());
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var writer = await new BlobTurnStore(azurite.Container(_container, network.Options()), TimeProvider.System, factory.CreateLogger<BlobTurnStore>()).BeginAsync(Key, Bytes(Header), None);
        if (isTaken)
        {
            await BreakLeaseAsync();
            await using var next = await Open().BeginAsync(Key, Bytes(Header), None);
            await AppendAsync(next!, First);
        }

        network.Down = !isTaken;
        await writer!.DisposeAsync();

        Assert.Contains("Warning 135:", logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain("134:", logs.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_append_counts_once_when_its_answer_is_lost_and_it_is_sent_again()
    {
        var lossy = new LossyNetwork();
        await using var writer = await Open(lossy).BeginAsync(Key, Bytes(Header), None);
        lossy.LoseNextAnswer();

        await AppendAsync(writer!, First);
        await AppendAsync(writer!, Second);

        Assert.Equal(1, lossy.Lost);
        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
    }

    [Fact]
    public async Task First_append_is_refused_when_another_writer_has_created_the_turn_meanwhile()
    {
        await using var stale = await Open().BeginAsync(Key, Bytes(Header), None);
        await BreakLeaseAsync();
        var other = First.Replace("content", "contenu", StringComparison.Ordinal);
        await using (var next = await Open().BeginAsync(Key, Bytes(Header), None))
            await AppendAsync(next!, other);

        var lost = await Assert.ThrowsAsync<TurnStoreException>(async () => await AppendAsync(stale!, First));

        Assert.Equal(TurnStoreFailure.LeaseLost, lost.Reason);
        Assert.Equal(Header + other, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Append_has_no_place_in_the_trace_of_its_turn()
    {
        var calls = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = static (ref ActivityCreationOptions<ActivityContext> call) =>
                call.Parent.TraceFlags == ActivityTraceFlags.Recorded ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStarted = calls.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var turn = new Activity("turn").Start();
        turn.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        await using var writer = await CreateAsync(Open());
        var before = Calls();

        await AppendAsync(writer, First);

        Assert.NotEqual(0, before);
        Assert.Equal(before, Calls());
        Assert.Same(turn, Activity.Current);

        int Calls() => calls.Count(call => call.TraceId == turn.TraceId && call.Recorded);
    }

    [Fact]
    public async Task Append_counts_once_when_its_answer_is_lost_and_it_is_sent_again()
    {
        var lossy = new LossyNetwork();
        await using var writer = await CreateAsync(Open(lossy));
        lossy.LoseNextAnswer();

        await AppendAsync(writer, First);
        await AppendAsync(writer, Second);

        Assert.Equal(1, lossy.Lost);
        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Writer_renews_its_lease_until_it_is_disposed()
    {
        var network = new LossyNetwork();
        await using var writer = await CreateAsync(Open(network));

        _time.Advance(BlobTurnLease.Duration / 3);

        await network.LeaseRenewed.WaitAsync();
    }

    [Fact]
    public async Task Renewal_that_fails_is_retried_within_the_life_of_the_lease()
    {
        var network = new LossyNetwork();
        await using var writer = await CreateAsync(Open(network));
        network.Down = true;
        _time.Advance(BlobTurnLease.Duration / 3);
        await network.Refused.WaitAsync();

        network.Down = false;
        await AdvanceUntilAsync(network.LeaseRenewed.WaitAsync(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Lease_that_expired_is_acquired_again_when_the_blob_ends_where_it_was_left()
    {
        await using var writer = await CreateAsync(Open());
        await AppendAsync(writer, First);
        await BreakLeaseAsync();

        await AppendAsync(writer, Second);

        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
        Assert.Null(await Open().TryAcquireAsync(Key, None));
    }

    [Fact]
    public async Task Append_waits_for_a_store_that_is_away_for_seconds()
    {
        var network = new LossyNetwork();
        await using var writer = await CreateAsync(Open(network));
        network.Down = true;
        var append = AppendAsync(writer, First).AsTask();
        await network.Refused.WaitAsync();
        network.Down = false;

        await AdvanceUntilAsync(append, TimeSpan.FromSeconds(1));

        await append;
        Assert.Equal(Header + First, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Append_fails_when_the_store_is_away_for_long()
    {
        var network = new LossyNetwork();
        await using var writer = await CreateAsync(Open(network));
        network.Down = true;
        var append = AppendAsync(writer, First).AsTask();

        await AdvanceUntilAsync(append, TimeSpan.FromSeconds(10));

        await Assert.ThrowsAnyAsync<Exception>(() => append);
    }

    [Fact]
    public async Task Turn_continues_in_another_blob_when_its_blob_has_as_many_blocks_as_it_can_take()
    {
        var frames = Enumerable.Range(1, 10).Select(id => $"id: {id}\nevent: delta\ndata: {{}}\n\n").ToList();
        var store = new BlobTurnStore(azurite.Container(_container), _time, NullLogger<BlobTurnStore>.Instance) { BlocksPerSegment = 3 };
        await using var following = await FollowAsync(store);
        await using (var writer = await store.TryAcquireAsync(Key, None))
        {
            foreach (var frame in frames.Take(7))
                await AppendAsync(writer!, frame);
            Assert.Null(await store.TryAcquireAsync(Key, None));
        }

        Assert.Equal(string.Concat(frames.Take(7)), await ToEndAsync(following, 0));
        await using (var next = await store.TryAcquireAsync(Key, None))
        {
            Assert.Equal(7, next!.LastEventId);
            foreach (var frame in frames.Skip(7))
                await AppendAsync(next, frame);
        }

        Assert.Equal(string.Concat(frames.Skip(7)), await ToEndAsync(following, 7));
        Assert.Equal(Header + string.Concat(frames), await ReadAsync(store));
        await store.RemoveOlderThanAsync(TimeSpan.FromDays(-1), None);
        Assert.Empty(await azurite.Container(_container).GetBlobsAsync().Select(blob => blob.Name).ToListAsync());
    }

    [Fact]
    public async Task Stops_are_looked_for_by_one_request_when_many_turns_ask_and_none_was_stopped()
    {
        var network = new LossyNetwork();
        var log = Open(network);
        var writers = await Task.WhenAll(Enumerable.Range(0, 8).Select(turn => log.CreateAsync(Key with { TurnId = $"turn-000{turn}" }, Bytes(Header), None)));
        var inboxes = Enumerable.Range(0, 8).Select(turn => log.Open(Key with { TurnId = $"turn-000{turn}" })).ToList();
        await AskAllAsync();
        var before = network.Requests;
        var way = new TaskCompletionSource();
        network.Way = way.Task;

        var asking = AskAllAsync();
        way.SetResult();

        Assert.DoesNotContain(true, await asking);
        Assert.Equal(1, network.Requests - before);
        await Open().SendAsync(Key with { TurnId = "turn-0003" }, new TurnSignal(TurnSignal.Stop), None);
        Assert.Equal([3], (await AskAllAsync()).Index().Where(stopped => stopped.Item).Select(stopped => stopped.Index));
        foreach (var writer in writers)
            await writer!.DisposeAsync();

        async Task<bool[]> AskAllAsync() => [.. (await Task.WhenAll(inboxes.Select(inbox => inbox.ReadAsync(None).AsTask()))).Select(signals => signals.Count > 0)];
    }

    [Fact]
    public async Task Text_of_ten_seconds_costs_about_one_request_per_second()
    {
        var network = new LossyNetwork();
        var writer = await CreateAsync(Open(network));
        var before = network.Requests;
        await using (var events = new TurnEventWriter(writer, 0, new TurnOptions().StoreInterval, _time))
        {
            for (var piece = 0; piece < 200; piece++)
            {
                events.AppendText("delta"u8, "word "u8);
                await events.PublishAsync();
                _time.Advance(TimeSpan.FromMilliseconds(50));
            }
        }

        // 10 appends, a renewal of the lease every 5 seconds, the last append, and the release.
        Assert.InRange(network.Requests - before, 3, 14);
        Assert.Equal(200, (await ReadAsync(Open())).Split("event: delta").Length - 1);
    }

    [Fact]
    public async Task Follower_on_another_instance_costs_one_request_per_second_of_silence()
    {
        var network = new LossyNetwork();
        await using var reader = await FollowAsync(Open(network));
        var before = network.Requests;

        for (var end = _time.GetUtcNow().AddSeconds(10); _time.GetUtcNow() < end;)
        {
            await PassAsync(reader.WaitAsync(None));
            Assert.True((await reader.ReadAsync(0, None)).IsEmpty);
        }

        Assert.InRange(network.Requests - before, 8, 11);
    }

    [Fact]
    public async Task Follower_reads_what_came_with_the_request_that_finds_it()
    {
        var network = new LossyNetwork();
        var store = Open();
        await using var reader = await FollowAsync(Open(network));
        await using var writer = await store.TryAcquireAsync(Key, None);
        await AppendAsync(writer!, First);
        var before = network.Requests;

        Assert.False((await reader.ReadAsync(0, None)).IsEmpty);

        Assert.Equal(1, network.Requests - before);
    }

    [Fact]
    public async Task Follower_of_a_long_turn_reads_ever_larger_pages()
    {
        var network = new LossyNetwork();
        var events = Enumerable.Range(1, 1000).Select(id => $"id: {id}\nevent: delta\ndata: {{\"text\":\"{new string('x', 1000)}\"}}\n\n").ToList();
        await using (var writer = await CreateAsync(Open()))
            await writer.AppendAsync(new EventBatch([Bytes(string.Concat(events))], 0, events.Count), None);
        await using var reader = (await Open(network).OpenAsync(Key, None))!;
        var read = new List<string>();

        for (long last = 0; last < events.Count;)
        {
            var page = await reader.ReadAsync(last, None);
            read.Add(Encoding.UTF8.GetString(page.Frames.Span));
            last = page.LastId;
        }

        // 64 KiB with the header, and 256 KiB with each of the others.
        Assert.Equal(string.Concat(events), string.Concat(read));
        Assert.Equal(5, network.Requests);
    }

    [Fact]
    public async Task Follower_polls_soon_again_when_something_came()
    {
        var store = Open();
        await using var reader = await FollowAsync(store);
        for (var poll = 0; poll < 5; poll++)
            await PassAsync(reader.WaitAsync(None));
        await using var writer = await store.TryAcquireAsync(Key, None);
        await AppendAsync(writer!, First);
        Assert.False((await reader.ReadAsync(0, None)).IsEmpty);
        var started = _time.GetUtcNow();

        await PassAsync(reader.WaitAsync(None));

        Assert.Equal(TimeSpan.FromMilliseconds(500), _time.GetUtcNow() - started);
    }

    [Fact]
    public async Task Stop_that_an_earlier_version_stored_is_received_once()
    {
        var container = azurite.Container(_container);
        await using var stopped = await CreateAsync(Open());
        await container.UploadBlobAsync(BlobSignals.OlderMarkName, BinaryData.Empty);
        var store = Open();
        var (inbox, other) = (store.Open(Key), store.Open(Key with { TurnId = "turn-0002" }));
        Assert.Empty(await inbox.ReadAsync(None));

        await container.UploadBlobAsync(BlobTurnNames.Of(Key).Stop, BinaryData.Empty);
        await container.GetBlobClient(BlobSignals.OlderMarkName).UploadAsync(BinaryData.Empty, overwrite: true);

        Assert.Equal(TurnSignal.Stop, Assert.Single(await inbox.ReadAsync(None)).Type);
        Assert.Empty(await inbox.ReadAsync(None));
        Assert.Empty(await other.ReadAsync(None));
        Assert.Equal(TurnSignal.Stop, Assert.Single(await Open().Open(Key).ReadAsync(None)).Type);
    }

    [Fact]
    public async Task Append_says_that_the_turn_was_not_stored_when_the_store_is_gone()
    {
        await using var writer = await CreateAsync(Open());
        await azurite.Container(_container).DeleteAsync();

        await Assert.ThrowsAnyAsync<Exception>(async () => await AppendAsync(writer, First));
    }

    [Fact]
    public async Task Signal_is_read_once_it_is_sent_though_another_reader_has_asked_before()
    {
        var network = new LossyNetwork();
        var store = Open(network);
        await using var writer = await CreateAsync(store);
        var inbox = store.Open(Key);
        Assert.Empty(await inbox.ReadAsync(None));
        var back = new TaskCompletionSource();
        network.WayBack = back.Task;
        var before = inbox.ReadAsync(None).AsTask();
        await network.AnswerHeld.WaitAsync();
        network.WayBack = Task.CompletedTask;

        await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
        var after = store.Open(Key).ReadAsync(None).AsTask();
        back.SetResult();

        Assert.Equal(TurnSignal.Stop, Assert.Single(await after).Type);
        Assert.Empty(await before);
        Assert.Single(await inbox.ReadAsync(None));
    }

    [Fact]
    public async Task Removal_leaves_no_blob_of_a_turn_behind()
    {
        var log = Open();
        await using (await CreateAsync(log))
            await log.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
        await azurite.Container(_container).UploadBlobAsync(BlobSignals.OlderMarkName, BinaryData.Empty);

        await log.RemoveOlderThanAsync(TimeSpan.FromDays(-1), None);

        Assert.Equal([BlobSignals.MarkName], await azurite.Container(_container).GetBlobsAsync().Select(blob => blob.Name).ToListAsync());
    }

    [Fact]
    public async Task Removal_does_nothing_when_there_was_no_turn_yet() => await Open().RemoveOlderThanAsync(TimeSpan.FromDays(-1), None);

    private async Task PassAsync(Task wait)
    {
        while (!wait.IsCompleted)
            _time.Advance(TimeSpan.FromMilliseconds(50));
        await wait;
    }

    private async Task<ITurnReader> FollowAsync(BlobTurnStore store)
    {
        await (await CreateAsync(store)).DisposeAsync();
        var reader = await store.OpenAsync(Key, None);
        Assert.True((await reader!.ReadAsync(0, None)).IsEmpty);
        return reader;
    }

    // The clock moves on while the calls of the SDK take what they take.
    private async Task AdvanceUntilAsync(Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            await task.WaitAsync(TimeSpan.FromMilliseconds(20), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _time.Advance(step);
        }
    }

    protected override BlobTurnStore Open() => Open(new LossyNetwork());

    private static string LeaseIdOf(ITurnWriter writer) => ((BlobTurnWriter)writer).LeaseId;

    private BlobTurnStore Open(LossyNetwork network) =>
        new(azurite.Container(_container, network.Options()), _time, NullLogger<BlobTurnStore>.Instance);

    private async Task<AppendBlobClient> BlobAsync()
    {
        var container = azurite.Container(_container);
        var blob = await container.GetBlobsAsync().SingleAsync();
        return container.GetAppendBlobClient(blob.Name);
    }

    // As when the lease has run out: the writer does not know.
    private async Task BreakLeaseAsync() => await (await BlobAsync()).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
}
