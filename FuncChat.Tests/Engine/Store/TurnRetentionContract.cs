using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

/// <summary>What every store of turns promises about turns that are removed. A store's own tests derive from this.</summary>
/// <typeparam name="T">The store.</typeparam>
public abstract class TurnRetentionContract<T> : TurnStoreBench<T>
    where T : class, ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
{
    // Younger than nothing, and older than everything.
    protected static readonly TimeSpan AnyAge = TimeSpan.FromDays(-1);
    private static readonly TimeSpan NoAge = TimeSpan.FromDays(10_000);

    [Fact]
    public async Task Removal_by_age_takes_old_turns_and_spares_those_that_are_written()
    {
        var store = Open();
        await using (await CreateAsync(store))
        {
            await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
            await Open().RemoveOlderThanAsync(AnyAge, None);
            Assert.Equal(Header, await ReadAsync(store));
        }

        await store.RemoveOlderThanAsync(NoAge, None);
        Assert.Equal(Header, await ReadAsync(store));

        await Open().RemoveOlderThanAsync(AnyAge, None);
        Assert.Null(await store.OpenAsync(Key, None));
        Assert.Null(await store.TryAcquireAsync(Key, None));
    }

    [Fact]
    public async Task Removed_turn_can_be_created_again_without_the_signals_that_were_sent_to_it()
    {
        var store = Open();
        await using (await CreateAsync(store))
        {
            await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
            await store.MarkFollowedAsync(Key, None);
        }

        await store.RemoveOlderThanAsync(AnyAge, None);

        await using var again = await CreateAsync(store);

        Assert.Empty(await store.Open(Key).ReadAsync(None));
        Assert.Null(await store.FollowedMarkAsync(Key, None));
    }

    [Fact]
    public async Task Removal_of_a_turn_takes_all_of_it_and_spares_one_that_is_written()
    {
        var store = Open();
        var other = Key with { TurnId = Key.TurnId + "1" };
        await (await store.CreateAsync(other, Bytes(Header), None))!.DisposeAsync();
        await using (var writer = await CreateAsync(store))
        {
            await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
            await store.MarkFollowedAsync(Key, None);
            await AppendAsync(writer, First);
            Assert.False(await Open().RemoveAsync(Key, None));
            Assert.Equal(Header + First, await ReadAsync(store));
        }

        Assert.True(await Open().RemoveAsync(Key, None));

        Assert.Null(await store.OpenAsync(Key, None));
        Assert.Empty(await store.Open(Key).ReadAsync(None));
        Assert.Null(await store.FollowedMarkAsync(Key, None));
        Assert.True(await Open().RemoveAsync(Key, None));
        await using var reader = await store.OpenAsync(other, None);
        Assert.NotNull(reader);
    }

    [Fact]
    public async Task Turn_is_removed_by_several_callers_at_once()
    {
        var store = Open();
        for (var round = 0; round < RemovalRounds; round++)
        {
            await (await CreateAsync(store)).DisposeAsync();

            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (!await Open().RemoveAsync(Key, None))
                {
                    // Another caller is removing it.
                }
            })));

            Assert.Null(await store.OpenAsync(Key, None));
        }
    }

    [Fact]
    public async Task Signal_that_is_sent_while_its_turn_is_removed_does_not_reach_another_turn_with_its_id()
    {
        for (var round = 0; round < RemovalRounds; round++)
        {
            var store = Open();
            await (await CreateAsync(store)).DisposeAsync();

            await Task.WhenAll(
                Task.Run(() => store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None)), Task.Run(() => Open().RemoveAsync(Key, None)));

            await (await CreateAsync(store)).DisposeAsync();
            Assert.Empty(await Open().Open(Key).ReadAsync(None));
            Assert.True(await store.RemoveAsync(Key, None));
        }
    }

    /// <summary>How often callers remove a turn at once, so that they meet in each way.</summary>
    protected virtual int RemovalRounds => 5;
}
