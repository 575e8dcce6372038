using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Azure.Blobs;
using FuncChat.Engine.Store;
using FuncChat.Tests.Engine.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Azure;

/// <summary>One turn in a store on blobs, with a fake clock and a network that can fail.</summary>
public abstract class BlobTurnBench(AzuriteServer azurite) : TurnStoreBench<BlobTurnStore>
{
    private readonly string _container = AzuriteServer.NewContainer();

    protected FakeTimeProvider Time { get; } = new();

    protected BlobContainerClient Container => azurite.Container(_container);

    protected override BlobTurnStore Open() => Open(new LossyNetwork());

    private protected BlobTurnStore Open(LossyNetwork network) => new(ContainerOver(network), Time, NullLogger<BlobTurnStore>.Instance);

    private protected BlobContainerClient ContainerOver(LossyNetwork network) => azurite.Container(_container, network.Options());

    protected async Task<ITurnReader> FollowAsync(BlobTurnStore store)
    {
        await (await CreateAsync(store)).DisposeAsync();
        var reader = await store.OpenAsync(Key, None);
        Assert.True((await reader!.ReadAsync(0, None)).IsEmpty);
        return reader;
    }

    protected async Task PassAsync(Task wait)
    {
        while (!wait.IsCompleted)
            Time.Advance(TimeSpan.FromMilliseconds(50));
        await wait;
    }

    // The clock moves on while the calls of the SDK take what they take.
    protected async Task AdvanceUntilAsync(Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            await task.WaitAsync(TimeSpan.FromMilliseconds(20), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Time.Advance(step);
        }
    }

    protected async Task<AppendBlobClient> BlobAsync()
    {
        var blob = await Container.GetBlobsAsync().SingleAsync();
        return Container.GetAppendBlobClient(blob.Name);
    }

    // As when the lease has run out: the writer does not know.
    protected async Task BreakLeaseAsync() => await (await BlobAsync()).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
}
