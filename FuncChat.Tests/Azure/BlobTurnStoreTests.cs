using FuncChat.Azure.Blobs;
using FuncChat.Tests.Engine.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Azure;

[Collection(AzuriteTests.Name)]
public sealed class BlobTurnStoreTests(AzuriteServer azurite) : TurnStoreContract<BlobTurnStore>
{
    private readonly string _container = AzuriteServer.NewContainer();

    [Fact]
    public void Log_is_stored_in_batches() => Assert.True(Open().IsWriteBehind);

    protected override BlobTurnStore Open() => Over(azurite, _container);

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
