using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>Requests for a turn that another instance is creating: its header is stored with its first events, some seconds later.</summary>
public sealed class TurnCreationTests : IDisposable
{
    private const string TurnId = "turn-0001";

    private readonly TemporaryFolder _folder = new();
    private readonly WatchedTurnStore _store;
    private readonly TurnBench _bench;

    public TurnCreationTests()
    {
        _store = new WatchedTurnStore(_folder.Path) { Hides = key => key.TurnId == TurnId };
        _bench = new TurnBench(options => options.MaxPerUser = 1, _store, _folder.Path);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_waits_as_long_as_the_creation_may_take(bool inBackground)
    {
        await CreateElsewhereAsync();

        var asked = Ask(inBackground, CancellationToken.None);
        await _bench.AdvanceUntilAsync(Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(9), _bench.Time)));
        Assert.False(asked.IsCompleted);
        _store.Hides = _ => false;
        await _bench.AdvanceUntilAsync(asked);

        var found = await asked;
        Assert.True(found.Succeeded, found.Error?.Message);
        Assert.False(found.Value.IsNew);
        if (found.Value.Follower is { } follower)
            await follower.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_is_refused_when_the_creation_takes_longer(bool inBackground)
    {
        await CreateElsewhereAsync();

        var asked = Ask(inBackground, CancellationToken.None);
        await _bench.AdvanceUntilAsync(asked);

        Assert.Equal((ErrorCode.Unavailable, true), ((await asked).Error!.Code, (await asked).Error!.Retryable));
    }

    [Fact]
    public async Task Request_that_is_cancelled_while_it_waits_releases_its_place()
    {
        await CreateElsewhereAsync();
        using var leaving = new CancellationTokenSource();
        var asked = Ask(inBackground: false, leaving.Token);
        await _bench.AdvanceUntilAsync(Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(3), _bench.Time)));

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        _bench.Model.Says("Next.");
        await using var next = await _bench.StartAsync("turn-0002");
        Assert.Equal("complete", (await next.EventsToEndAsync())[^1].Name);
    }

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    private Task<Result<FollowedTurn>> Ask(bool inBackground, CancellationToken cancellationToken) => inBackground
        ? _bench.Turns.CreateAsync(TurnBench.User, TurnId, TurnBench.Request(), cancellationToken)
        : _bench.Turns.StartAsync(TurnBench.User, TurnId, TurnBench.Request(), cancellationToken);

    private async Task CreateElsewhereAsync()
    {
        var header = new TurnHeader(TurnId, TurnBench.User, _bench.Time.GetUtcNow(), TurnBench.Request()).ToFrame(_bench.Kinds);
        await (await new FileTurnStore(_folder.Path).CreateAsync(TurnBench.Key(TurnId), header, CancellationToken.None))!.DisposeAsync();
    }
}
