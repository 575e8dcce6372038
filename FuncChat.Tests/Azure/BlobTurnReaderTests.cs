using System.Text;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Azure;

/// <summary>Readers of turns on blobs: when they poll, and what that costs.</summary>
[Collection(AzuriteTests.Name)]
public sealed class BlobTurnReaderTests(AzuriteServer azurite) : BlobTurnBench(azurite)
{
    [Fact]
    public async Task Follower_on_another_instance_costs_one_request_per_second_of_silence()
    {
        var network = new LossyNetwork();
        await using var reader = await FollowAsync(Open(network));
        var before = network.Requests;

        for (var end = Time.GetUtcNow().AddSeconds(10); Time.GetUtcNow() < end;)
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
        var started = Time.GetUtcNow();

        await PassAsync(reader.WaitAsync(None));

        Assert.Equal(TimeSpan.FromMilliseconds(500), Time.GetUtcNow() - started);
    }
}
