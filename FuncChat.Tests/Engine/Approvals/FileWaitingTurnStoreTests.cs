using FuncChat.Engine.Approvals;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Approvals;

public sealed class FileWaitingTurnStoreTests : WaitingTurnStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public async Task Turn_that_can_not_be_read_at_the_moment_keeps_no_other_from_being_listed()
    {
        var (kept, lost) = (new TurnKey("ada", "turn-0001"), new TurnKey("ada", "turn-0002"));
        await Open().AddAsync(kept, CancellationToken.None);
        await Open().AddAsync(lost, CancellationToken.None);
        UnreadableFile.Put(Path.Combine(_folder.Path, "approvals", WaitingTurnName.Of(lost)));

        Assert.Equal([kept], (await Open().ListAsync("ada", null, 10, CancellationToken.None)).Turns);
    }

    protected override IWaitingTurnStore Open() => new FileWaitingTurnStore(_folder.Path);

    protected override Task DamageAsync(string name) => File.WriteAllTextAsync(Path.Combine(_folder.Path, "approvals", name), "{}");
}
