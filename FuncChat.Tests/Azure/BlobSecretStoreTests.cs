using FuncChat.Azure.Blobs;
using FuncChat.Tests.Engine.Secrets;
using FuncChat.Tools.Identity;

namespace FuncChat.Tests.Azure;

[Collection(AzuriteTests.Name)]
public sealed class BlobSecretStoreTests(AzuriteServer azurite) : SecretStoreContract
{
    private readonly string _container = AzuriteServer.NewContainer();

    protected override ISecretStore Open() => new BlobSecretStore(azurite.Container(_container));
}
