using FuncChat.Engine.Approvals;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Approvals;

public sealed class FileWaitingTurnStoreTests : WaitingTurnStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IWaitingTurnStore Open() => new FileWaitingTurnStore(_folder.Path);

    protected override Task DamageAsync(string name) => File.WriteAllTextAsync(Path.Combine(_folder.Path, "approvals", name), "{}");
}
