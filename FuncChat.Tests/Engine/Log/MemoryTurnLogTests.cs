using FuncChat.Engine.Log;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Log;

/// <summary>The tests' own log keeps the promises too: what is tested on it holds for real ones.</summary>
public sealed class MemoryTurnLogTests : TurnLogContract
{
    private readonly MemoryTurnStore _store = new();

    [Fact]
    public async Task Writer_of_an_instance_that_died_can_write_no_more()
    {
        var dying = new MemoryTurnLog(_store);
        await using var writer = await CreateAsync(dying);

        dying.Die();

        await Assert.ThrowsAsync<TurnLogException>(async () => await writer.AppendAsync([Bytes(First)], None));
        await using var next = await Open().ContinueAsync(Key, None);
        Assert.NotNull(next);
    }

    protected override ITurnLog Open() => new MemoryTurnLog(_store);
}
