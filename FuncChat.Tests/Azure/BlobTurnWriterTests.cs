using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Azure.Blobs;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Azure;

/// <summary>Writers of turns on blobs: leases, outages and requests.</summary>
[Collection(AzuriteTests.Name)]
public sealed class BlobTurnWriterTests(AzuriteServer azurite) : BlobTurnBench(azurite)
{
    [Fact]
    public async Task Lease_is_released_when_the_turn_can_not_be_read_once_it_was_acquired()
    {
        await (await CreateAsync(Open())).DisposeAsync();
        var network = new LossyNetwork();
        var store = Open(network);
        network.Refuses = action => network.Log.Any(each => each.EndsWith("lease acquire", StringComparison.Ordinal)) && !action.StartsWith("lease", StringComparison.Ordinal);

        await Assert.ThrowsAnyAsync<Exception>(() => store.TryAcquireAsync(Key, None));

        Assert.Contains("PUT lease acquire", network.Log);
        await using var next = await Open().TryAcquireAsync(Key, None);
        Assert.NotNull(next);
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

        Time.Advance(BlobTurnLease.Duration / 3);

        await network.LeaseRenewed.WaitAsync();
    }

    [Fact]
    public async Task Renewal_that_fails_is_retried_within_the_life_of_the_lease()
    {
        var network = new LossyNetwork();
        await using var writer = await CreateAsync(Open(network));
        network.Down = true;
        Time.Advance(BlobTurnLease.Duration / 3);
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
    public async Task Text_of_ten_seconds_costs_about_one_request_per_second()
    {
        var network = new LossyNetwork();
        var writer = await CreateAsync(Open(network));
        var before = network.Requests;
        await using (var events = new TurnEventWriter(writer, 0, new TurnOptions().StoreInterval, Time))
        {
            for (var piece = 0; piece < 200; piece++)
            {
                events.AppendText("delta"u8, "word "u8);
                await events.PublishAsync();
                Time.Advance(TimeSpan.FromMilliseconds(50));
            }
        }

        // 10 appends, a renewal of the lease every 5 seconds, the last append, and the release.
        Assert.InRange(network.Requests - before, 3, 14);
        Assert.Equal(200, (await ReadAsync(Open())).Split("event: delta").Length - 1);
    }

    [Fact]
    public async Task Append_says_that_the_turn_was_not_stored_when_the_store_is_gone()
    {
        await using var writer = await CreateAsync(Open());
        await Container.DeleteAsync();

        await Assert.ThrowsAnyAsync<Exception>(async () => await AppendAsync(writer, First));
    }

    [Fact]
    public async Task Turn_continues_in_another_blob_when_its_blob_has_as_many_blocks_as_it_can_take()
    {
        var frames = Enumerable.Range(1, 10).Select(id => $"id: {id}\nevent: delta\ndata: {{}}\n\n").ToList();
        var store = new BlobTurnStore(Container, Time, NullLogger<BlobTurnStore>.Instance) { BlocksPerSegment = 3 };
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
        Assert.Empty(await Container.GetBlobsAsync().Select(blob => blob.Name).ToListAsync());
    }

    private static string LeaseIdOf(ITurnWriter writer) => ((BlobTurnWriter)writer).LeaseId;
}
