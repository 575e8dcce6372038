using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using FuncChat.Azure.Blobs;
using FuncChat.Engine.Store;
using FuncChat.Tests.Engine.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Azure;

[Collection(AzuriteTests.Name)]
public sealed class BlobTurnStoreTests(AzuriteServer azurite) : TurnStoreContract<BlobTurnStore>
{
    private readonly string _container = AzuriteServer.NewContainer();

    [Fact]
    public void Log_is_stored_in_batches() => Assert.True(Open().IsWriteBehind);

    [Fact]
    public async Task Turn_is_created_once_although_another_request_creates_it_before_the_lease_is_acquired()
    {
        var key = new TurnKey("ada", "turn-0001");
        var other = Open();
        async Task CreateAsync()
        {
            await using var writer = await other.CreateAsync(key, "{}\n\n"u8.ToArray(), CancellationToken.None);
            Assert.NotNull(writer);
        }

        var options = new BlobClientOptions();
        options.AddPolicy(new BeforeLease(CreateAsync), HttpPipelinePosition.PerCall);
        var store = new BlobTurnStore(azurite.Container(_container, options), TimeProvider.System, NullLogger<BlobTurnStore>.Instance);

        Assert.Null(await store.BeginAsync(key, "{}\n\n"u8.ToArray(), CancellationToken.None));
    }

    protected override BlobTurnStore Open() => Over(azurite, _container);

    private sealed class BeforeLease(Func<Task> act) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (message.Request.Headers.TryGetValue("x-ms-lease-action", out _))
                await act();
            await ProcessNextAsync(message, pipeline);
        }
    }

    internal static BlobTurnStore Over(AzuriteServer azurite, string container) =>
        new(azurite.Container(container), TimeProvider.System, NullLogger<BlobTurnStore>.Instance);
}

[Collection(AzuriteTests.Name)]
public sealed class BlobTurnReaderContractTests(AzuriteServer azurite) : TurnReaderContract<BlobTurnStore>
{
    private readonly string _container = AzuriteServer.NewContainer();

    protected override BlobTurnStore Open() => BlobTurnStoreTests.Over(azurite, _container);
}

[Collection(AzuriteTests.Name)]
public sealed class BlobTurnRetentionContractTests(AzuriteServer azurite) : TurnRetentionContract<BlobTurnStore>
{
    private readonly string _container = AzuriteServer.NewContainer();

    protected override BlobTurnStore Open() => BlobTurnStoreTests.Over(azurite, _container);
}
