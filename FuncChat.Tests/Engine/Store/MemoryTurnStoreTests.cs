using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Store;

/// <summary>The tests' own store keeps the promises too: what is tested on it holds for real ones.</summary>
public sealed class MemoryTurnStoreTests : TurnStoreContract<MemoryTurnStore>
{
    private readonly SharedMemory _store = new();

    [Fact]
    public async Task Writer_of_an_instance_that_died_can_write_no_more()
    {
        var dying = new MemoryTurnStore(_store);
        await using var writer = await CreateAsync(dying);

        dying.Die();

        await Assert.ThrowsAsync<TurnStoreException>(async () => await AppendAsync(writer, First));
        await using var next = await Open().TryAcquireAsync(Key, None);
        Assert.NotNull(next);
    }

    protected override MemoryTurnStore Open() => new(_store);
}

public sealed class MemoryTurnReaderTests : TurnReaderContract<MemoryTurnStore>
{
    private readonly SharedMemory _store = new();

    protected override MemoryTurnStore Open() => new(_store);
}

public sealed class MemoryTurnRetentionTests : TurnRetentionContract<MemoryTurnStore>
{
    private readonly SharedMemory _store = new();

    protected override MemoryTurnStore Open() => new(_store);
}
