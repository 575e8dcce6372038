using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

public sealed class FollowTests : IDisposable
{
    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Every_follower_of_a_live_turn_reads_the_same_bytes_wherever_it_begins()
    {
        var feed = new ModelFeed();
        _bench.Model.Calls(("a", GatedTools.Echo, """{"text":"one"}"""), ("b", GatedTools.Quick, "{}")).Plays(feed);
        await using var first = await _bench.StartAsync(tools: [GatedTools.Echo, GatedTools.Quick]);
        await first.UntilAsync("event: tool_call_result");
        await using var second = await _bench.FollowAsync();
        _bench.Tools.Go.Set();
        await feed.Called.WaitAsync();
        feed.Give(FakeModel.Text("Wör"), FakeModel.Text("ds."));
        await first.UntilAsync("ds.");
        await using var third = await _bench.FollowAsync(after: 5);
        feed.End();

        var whole = await first.ToEndAsync();
        var events = SseEvent.Parse(whole);
        Assert.Equal(whole, await second.ToEndAsync());
        Assert.Equal(SseEvent.Join(events.Skip(5)), await third.ToEndAsync());
        await _bench.QuietAsync();
        for (var after = 0; after < events.Count; after++)
        {
            await using var stored = await _bench.FollowAsync(after: after);
            Assert.Equal(SseEvent.Join(events.Skip(after)), await stored.ToEndAsync());
        }
    }

    [Fact]
    public async Task Turn_that_has_ended_has_nothing_after_its_last_event()
    {
        _bench.Model.Says("Hi.");
        var events = await _bench.RunAsync();
        await _bench.QuietAsync();

        foreach (var after in new[] { events[^1].Id, events[^1].Id + 1, long.MaxValue })
        {
            var followed = await _bench.Turns.FollowAsync(TurnBench.Key("turn-0001"), after, CancellationToken.None);
            Assert.True(followed.Succeeded);
            Assert.Null(followed.Value.Follower);
        }
    }

    [Fact]
    public async Task Turn_of_another_user_is_not_found()
    {
        _bench.Model.Plays(new ModelFeed());
        await using var reader = await _bench.StartAsync();
        var key = new TurnKey("eve", "turn-0001");

        Assert.Equal(ErrorCode.NotFound, (await _bench.Turns.FollowAsync(key, 0, CancellationToken.None)).Error?.Code);
        Assert.Equal(ErrorCode.NotFound, (await _bench.Turns.StopAsync(key, CancellationToken.None))?.Code);
        Assert.False(_bench.Runtime.Live.All.Single().Value.Completion.IsCompleted);
    }

    [Fact]
    public async Task Keep_alive_is_sent_in_silence_and_not_while_there_is_text()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        await reader.UntilAsync("llm_request");
        _bench.Time.Advance(TimeSpan.FromSeconds(6));
        feed.Give(FakeModel.Text("a"));
        await reader.UntilAsync("\"a\"");
        _bench.Time.Advance(TimeSpan.FromSeconds(6));
        feed.Give(FakeModel.Text("b"));
        await reader.UntilAsync("\"b\"");
        Assert.DoesNotContain("keep-alive", reader.Text, StringComparison.Ordinal);

        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        await reader.UntilAsync(": keep-alive\n\n");
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        await reader.UntilAsync(": keep-alive\n\n: keep-alive\n\n");
        feed.End();
        await reader.ToEndAsync();
    }

    public void Dispose() => _bench.Dispose();
}
