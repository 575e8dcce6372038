using FuncChat.Azure.Blobs;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Azure;

/// <summary>Signals of turns on blobs.</summary>
[Collection(AzuriteTests.Name)]
public sealed class BlobSignalsTests(AzuriteServer azurite) : BlobTurnBench(azurite)
{
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
    public async Task Stop_that_an_earlier_version_stored_is_received_once()
    {
        await using var stopped = await CreateAsync(Open());
        await Container.UploadBlobAsync(BlobSignals.OlderMarkName, BinaryData.Empty);
        var store = Open();
        var (inbox, other) = (store.Open(Key), store.Open(Key with { TurnId = "turn-0002" }));
        Assert.Empty(await inbox.ReadAsync(None));

        await Container.UploadBlobAsync(BlobTurnNames.Of(Key).Stop, BinaryData.Empty);
        await Container.GetBlobClient(BlobSignals.OlderMarkName).UploadAsync(BinaryData.Empty, overwrite: true);

        Assert.Equal(TurnSignal.Stop, Assert.Single(await inbox.ReadAsync(None)).Type);
        Assert.Empty(await inbox.ReadAsync(None));
        Assert.Empty(await other.ReadAsync(None));
        Assert.Equal(TurnSignal.Stop, Assert.Single(await Open().Open(Key).ReadAsync(None)).Type);
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
}
