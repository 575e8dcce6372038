using FuncChat.Engine.Approvals;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Approvals;

/// <summary>What every store of waiting turns promises. A store's own tests derive from this.</summary>
public abstract class WaitingTurnStoreContract
{
    private static readonly TurnKey Ada = new("Ada <ada@example.com>", "turn-0001");

    private static CancellationToken None => CancellationToken.None;

    protected abstract IWaitingTurnStore Open();

    [Fact]
    public async Task Turn_is_listed_once_until_it_is_removed()
    {
        Assert.Empty((await Open().ListAsync(null, null, 10, None)).Turns);
        await Open().RemoveAsync(Ada, None);
        await Open().AddAsync(Ada, None);
        await Open().AddAsync(Ada, None);

        var page = await Open().ListAsync(null, null, 10, None);
        Assert.Equal(Ada, Assert.Single(page.Turns));
        Assert.Null(page.Next);

        await Open().RemoveAsync(Ada, None);
        Assert.Empty((await Open().ListAsync(null, null, 10, None)).Turns);
    }

    [Fact]
    public async Task Turns_are_listed_page_by_page_and_by_user()
    {
        var keys = Enumerable.Range(0, 3).Select(number => Ada with { TurnId = $"turn-000{number}" }).Append(new TurnKey("Bob", "turn-0001")).ToList();
        foreach (var key in keys)
            await Open().AddAsync(key, None);

        var found = new List<TurnKey>();
        string? after = null;
        do
        {
            var page = await Open().ListAsync(null, after, 2, None);
            Assert.InRange(page.Turns.Count, 1, 2);
            found.AddRange(page.Turns);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(keys.ToHashSet(), found.ToHashSet());
        Assert.Equal(keys.Count, found.Count);
        Assert.Equal(3, (await Open().ListAsync(Ada.User, null, 10, None)).Turns.Count);
        Assert.Equal("Bob", Assert.Single((await Open().ListAsync("Bob", null, 10, None)).Turns).User);
    }

    [Fact]
    public async Task Id_that_is_not_valid_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Open().AddAsync(Ada with { TurnId = "../../escape" }, None));
}
