using FuncChat.Engine.Secrets;
using FuncChat.Tests.Support;
using FuncChat.Tools.Identity;

namespace FuncChat.Tests.Engine.Secrets;

public sealed class FileSecretStoreTests : SecretStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override ISecretStore Open() => new FileSecretStore(_folder.Path);
}
