using FuncChat.Tools.Identity;

namespace FuncChat.Tests.Engine.Secrets;

/// <summary>What every <see cref="ISecretStore"/> does.</summary>
public abstract class SecretStoreContract
{
    private static readonly SecretKey Key = new("https://login.example.com ada", "mcp-srv-tokens");

    protected abstract ISecretStore Open();

    [Fact]
    public async Task Secret_is_read_as_it_was_written_last()
    {
        await Open().WriteAsync(Key, "one"u8.ToArray(), CancellationToken.None);
        await Open().WriteAsync(Key, "two"u8.ToArray(), CancellationToken.None);

        Assert.Equal("two"u8.ToArray(), await Open().ReadAsync(Key, CancellationToken.None));
    }

    [Fact]
    public async Task Secret_is_that_of_its_user_and_name()
    {
        await Open().WriteAsync(Key, "one"u8.ToArray(), CancellationToken.None);

        Assert.Null(await Open().ReadAsync(Key with { User = "https://login.example.com Ada" }, CancellationToken.None));
        Assert.Null(await Open().ReadAsync(Key with { Name = "mcp-srv-pending" }, CancellationToken.None));
        Assert.Null(await Open().TakeAsync(Key with { User = "" }, CancellationToken.None));
    }

    [Fact]
    public async Task Lock_is_held_by_one_caller_at_a_time_and_each_secret_has_its_own()
    {
        var first = await Open().LockAsync(Key, CancellationToken.None);
        var second = Open().LockAsync(Key, CancellationToken.None);
        await using var other = await Open().LockAsync(Key with { User = "bob" }, CancellationToken.None);
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();

        await (await second).DisposeAsync();
    }

    [Fact]
    public async Task Lock_of_a_secret_does_not_keep_it_from_being_written()
    {
        await using var held = await Open().LockAsync(Key, CancellationToken.None);

        await Open().WriteAsync(Key, "one"u8.ToArray(), CancellationToken.None);

        Assert.Equal("one"u8.ToArray(), await Open().TakeAsync(Key, CancellationToken.None));
    }

    [Fact]
    public async Task Old_secrets_of_all_users_are_removed_by_the_end_of_their_names()
    {
        var pending = Key with { Name = "mcp-srv-pending" };
        foreach (var key in (SecretKey[])[Key, pending, pending with { User = "bob" }])
            await Open().WriteAsync(key, "one"u8.ToArray(), CancellationToken.None);

        await Open().RemoveOlderThanAsync("-pending", TimeSpan.FromHours(1), CancellationToken.None);
        Assert.NotNull(await Open().ReadAsync(pending, CancellationToken.None));
        await Open().RemoveOlderThanAsync("-pending", TimeSpan.FromHours(-1), CancellationToken.None);

        Assert.Null(await Open().ReadAsync(pending, CancellationToken.None));
        Assert.Null(await Open().ReadAsync(pending with { User = "bob" }, CancellationToken.None));
        Assert.NotNull(await Open().ReadAsync(Key, CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_is_removed_of_a_store_without_secrets() => await Open().RemoveOlderThanAsync("-pending", TimeSpan.FromHours(1), CancellationToken.None);

    [Fact]
    public async Task Secret_is_taken_once_when_several_take_it()
    {
        await Open().WriteAsync(Key, "one"u8.ToArray(), CancellationToken.None);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open().TakeAsync(Key, CancellationToken.None)));

        Assert.Equal("one"u8.ToArray(), Assert.Single(taken, each => each is not null));
        Assert.Null(await Open().ReadAsync(Key, CancellationToken.None));
    }
}
