using FuncChat.Azure.Blobs;
using FuncChat.Tests.Engine.Secrets;
using FuncChat.Tools.Identity;

namespace FuncChat.Tests.Azure;

[Collection(AzuriteTests.Name)]
public sealed class BlobSecretStoreTests(AzuriteServer azurite) : SecretStoreContract
{
    private readonly string _container = AzuriteServer.NewContainer();

    [Fact]
    public async Task Lock_ends_without_a_failure_when_the_store_is_out()
    {
        var network = new LossyNetwork();
        var held = await new BlobSecretStore(azurite.Container(_container, network.Options())).LockAsync(new SecretKey("ada", "tokens"), CancellationToken.None);
        network.Down = true;

        await held.DisposeAsync();

        Assert.True(network.Refused.IsSet);
    }

    protected override ISecretStore Open() => new BlobSecretStore(azurite.Container(_container));
}
