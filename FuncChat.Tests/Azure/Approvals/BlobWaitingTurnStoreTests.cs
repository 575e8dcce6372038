using FuncChat.Azure.Approvals;
using FuncChat.Engine.Approvals;
using FuncChat.Tests.Engine.Approvals;

namespace FuncChat.Tests.Azure.Approvals;

[Collection(AzuriteTests.Name)]
public sealed class BlobWaitingTurnStoreTests(AzuriteServer azurite) : WaitingTurnStoreContract
{
    private readonly string _container = AzuriteServer.NewContainer();

    protected override IWaitingTurnStore Open() => new BlobWaitingTurnStore(azurite.Container(_container));

    protected override Task DamageAsync(string name) =>
        azurite.Container(_container).GetBlobClient($"approvals/{name}").UploadAsync(BinaryData.FromString("{"), overwrite: true);
}
