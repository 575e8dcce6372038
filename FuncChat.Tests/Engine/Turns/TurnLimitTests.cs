using FuncChat.Engine;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>How many turns run at once.</summary>
public sealed class TurnLimitTests
{
    [Fact]
    public async Task Turns_of_a_user_are_limited_and_the_same_turn_can_still_be_followed()
    {
        using var bench = new TurnBench(options => options.MaxPerUser = 1);
        var feed = new ModelFeed();
        bench.Model.Plays(feed).Says("Next.");
        await using var reader = await bench.StartAsync();

        var second = await bench.Turns.StartAsync(TurnBench.User, "turn-0002", TurnBench.Request(), CancellationToken.None);
        Assert.Equal((ErrorCode.RateLimited, true), (second.Error!.Code, second.Error.Retryable));
        await using var same = await bench.StartAsync();
        feed.End();
        Assert.Equal(await reader.ToEndAsync(), await same.ToEndAsync());
        await bench.QuietAsync();

        await using var next = await bench.StartAsync("turn-0003");
        Assert.Equal("complete", (await next.EventsToEndAsync())[^1].Name);
    }

    [Fact]
    public async Task Turns_of_the_process_are_limited()
    {
        using var bench = new TurnBench(options => options.MaxPerProcess = 1);
        bench.Model.Plays(new ModelFeed());
        await using var reader = await bench.StartAsync();

        var second = await bench.Turns.StartAsync("grace", "turn-0001", TurnBench.Request(), CancellationToken.None);

        Assert.Equal(ErrorCode.RateLimited, second.Error?.Code);
    }
}
