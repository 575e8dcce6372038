using FuncChat.Engine.Approvals;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Approvals;

/// <summary>What every store of waiting turns promises. A store's own tests derive from this.</summary>
public abstract class WaitingTurnStoreContract
{
    private static readonly TurnKey Ada = new("Ada <ada@example.com>", "turn-0001");

    private static CancellationToken None => CancellationToken.None;

    protected abstract IWaitingTurnStore Open();

    /// <summary>Replaces what is stored of a turn by bytes that are none.</summary>
    /// <param name="name">As <see cref="WaitingTurnName.Of"/> returns it.</param>
    protected abstract Task DamageAsync(string name);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(-1, 0)]
    public async Task Removal_by_age_takes_old_turns_alone(int days, int left)
    {
        await Open().RemoveOlderThanAsync(TimeSpan.FromDays(days), None);
        await Open().AddAsync(Ada, None);
        await Open().AddAsync(new TurnKey("Bob", "turn-0001"), None);

        await Open().RemoveOlderThanAsync(TimeSpan.FromDays(days), None);

        Assert.Equal(left, (await Open().ListAsync(null, null, 10, None)).Turns.Count);
    }

    [Fact]
    public async Task Damaged_turn_keeps_no_other_from_being_listed()
    {
        await Open().AddAsync(Ada, None);
        await Open().AddAsync(Ada with { TurnId = "turn-0002" }, None);

        await DamageAsync(WaitingTurnName.Of(Ada));

        Assert.Equal("turn-0002", Assert.Single((await Open().ListAsync(null, null, 10, None)).Turns).TurnId);
    }

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
