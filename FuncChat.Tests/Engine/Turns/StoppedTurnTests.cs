using FuncChat.Engine;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>Turns that are stopped by a request, or because no client follows them.</summary>
public sealed class StoppedTurnTests : IDisposable
{
    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Turn_that_is_stopped_keeps_its_text_and_cancels_the_model_call()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        feed.Give(FakeModel.Text("Half"));
        await reader.UntilAsync("Half");

        Assert.Null(await StopAsync());

        await feed.GivenUp.WaitAsync();
        var events = await reader.EventsToEndAsync();
        Assert.Equal(["status", "llm_request", "delta", "error"], events.Select(e => e.Name));
        Assert.Equal(("CANCELLED", "False"), (events[^1].Text("code"), events[^1].Text("retryable")));
        Assert.Null(await StopAsync());
        await using var again = await _bench.FollowAsync();
        Assert.Equal(await reader.ToEndAsync(), await again.ToEndAsync());
    }

    [Theory]
    [InlineData(GatedTools.Quick)]
    [InlineData(GatedTools.Long)]
    public async Task Turn_that_is_stopped_stops_its_tool_runs(string tool)
    {
        _bench.Model.Calls(("a", tool, "{}"));
        await using var reader = await _bench.StartAsync(tools: [tool]);
        await _bench.Tools.Started.WaitAsync();

        await StopAsync();

        await _bench.Tools.Cancelled.WaitAsync();
        Assert.Equal("CANCELLED", (await reader.EventsToEndAsync())[^1].Text("code"));
    }

    // Between all steps of a turn that can be stopped, one after the other.
    [Fact]
    public async Task Turn_ends_once_wherever_it_is_stopped_while_it_runs_and_ends()
    {
        using var folder = new TemporaryFolder();
        var store = new WatchedTurnStore(folder.Path);
        using var bench = new TurnBench(log: store, dataPath: folder.Path);
        var ends = new List<string>();
        for (var place = 0; ; place++)
        {
            var (passed, stop) = (0, Task.CompletedTask);
            var turnId = $"turn-stop-{place}";
            store.Writing = () =>
            {
                if (passed++ == place)
                    stop = bench.Turns.StopAsync(TurnBench.Key(turnId), CancellationToken.None);
            };
            bench.Model.Says("Hi.");
            await using var reader = await bench.StartAsync(turnId);
            var events = await reader.EventsToEndAsync();
            await bench.QuietAsync();
            await stop;
            if (passed <= place)
                break;

            ends.Add(Assert.Single(events, e => e.Name is "complete" or "error").Name);
            await using var stored = await bench.FollowAsync(turnId);
            Assert.Equal(await reader.ToEndAsync(), await stored.ToEndAsync());
        }

        // Once the end is being stored, it is too late to stop the turn.
        Assert.Equal((true, true), (ends.Contains("error"), ends.Contains("complete")));
        Assert.Equal(ends.OrderByDescending(end => end, StringComparer.Ordinal), ends);
    }

    [Fact]
    public async Task Turn_without_followers_ends_after_the_grace()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using (var reader = await _bench.StartAsync())
            await reader.UntilAsync("llm_request");
        _bench.Time.Advance(TimeSpan.FromSeconds(59));
        await using (var again = await _bench.FollowAsync())
        {
            await again.UntilAsync("llm_request");
            _bench.Time.Advance(TimeSpan.FromMinutes(10));
            Assert.False(feed.GivenUp.IsSet);
        }

        _bench.Time.Advance(TimeSpan.FromSeconds(60));

        await feed.GivenUp.WaitAsync();
        await _bench.QuietAsync();
        await using var last = await _bench.FollowAsync();
        Assert.Equal("CANCELLED", (await last.EventsToEndAsync())[^1].Text("code"));
    }

    [Theory]
    [InlineData("00:01:00")]
    [InlineData("00:00:00")]
    public async Task Turn_in_a_long_tool_run_waits_for_it_without_followers(string grace)
    {
        using var bench = new TurnBench(options => options.DetachedGrace = TimeSpan.Parse(grace, System.Globalization.CultureInfo.InvariantCulture));
        var feed = new ModelFeed();
        bench.Model.Calls(("a", GatedTools.Long, "{}")).Plays(feed);
        await using (var reader = await bench.StartAsync(tools: [GatedTools.Long]))
        {
            await reader.UntilAsync("executing");
            await bench.Tools.Started.WaitAsync();
        }

        bench.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(bench.Tools.Cancelled.IsSet);
        bench.Tools.Go.Set();
        await feed.Called.WaitAsync();
        bench.Time.Advance(TimeSpan.FromMinutes(1));

        await feed.GivenUp.WaitAsync();
    }

    public void Dispose() => _bench.Dispose();

    private Task<AppError?> StopAsync() =>
        Task.Run(() => _bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None));
}
