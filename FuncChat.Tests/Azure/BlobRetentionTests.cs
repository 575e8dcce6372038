using FuncChat.Azure.Blobs;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Azure;

/// <summary>Removal of turns on blobs.</summary>
[Collection(AzuriteTests.Name)]
public sealed class BlobRetentionTests(AzuriteServer azurite) : BlobTurnBench(azurite)
{
    [Fact]
    public async Task Removal_leaves_no_blob_of_a_turn_behind()
    {
        var log = Open();
        await using (await CreateAsync(log))
            await log.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
        await Container.UploadBlobAsync(BlobSignals.OlderMarkName, BinaryData.Empty);

        await log.RemoveOlderThanAsync(TimeSpan.FromDays(-1), None);

        Assert.Equal([BlobSignals.MarkName], await Container.GetBlobsAsync().Select(blob => blob.Name).ToListAsync());
    }

    [Fact]
    public async Task Removal_does_nothing_when_there_was_no_turn_yet() => await Open().RemoveOlderThanAsync(TimeSpan.FromDays(-1), None);
}
