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
    public async Task Same_turn_asked_for_many_times_at_once_is_one_turn()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);

        // The request that creates the turn waits for nothing. With the clock moving, the others would give up on a busy machine.
        var starting = Enumerable.Range(0, 16).Select(_ => Task.Run(() => _bench.StartAsync())).ToList();
        await Task.WhenAny(starting);
        var readers = await WithClockAsync(Task.WhenAll(starting));
        feed.Give(FakeModel.Text("Once."));
        feed.End();

        foreach (var reader in readers)
        {
            await using (reader)
            {
                Assert.Equal("complete", SseEvent.Parse(await WithClockAsync(reader.ToEndAsync()))[^1].Name);
            }
        }

        Assert.Single(_bench.Model.Requests);
    }

    // One that comes while the turn is being created waits by the clock, and may then read from the log, which it looks at by the clock too.
    private async Task<T> WithClockAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            await ((Task)task).WaitAsync(TimeSpan.FromMilliseconds(10), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _bench.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        return await task;
    }

    [Fact]
    public async Task Turn_that_another_process_died_creating_is_unavailable_until_its_lease_has_ended()
    {
        var paths = ((FileTurnStore)_bench.Log).PathsOf(TurnBench.Key("turn-0001"));
        Directory.CreateDirectory(paths.Folder);
        using (FileLease.TryAcquire(paths.Lease))
        {
            var starting = Task.Run(() => _bench.Turns.StartAsync(TurnBench.User, "turn-0001", TurnBench.Request(), CancellationToken.None));
            await _bench.AdvanceUntilAsync(starting);

            var error = (await starting).Error;
            Assert.Equal((ErrorCode.Unavailable, true), (error!.Code, error.Retryable));
            Assert.NotNull(error.RetryAfter);
        }

        _bench.Model.Says("Done.");
        await using var reader = await _bench.StartAsync();
        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
    }

    [Fact]
    public async Task Same_id_with_another_body_is_a_conflict()
    {
        _bench.Model.Says("Hi.");
        await _bench.RunAsync();

        var other = await _bench.Turns.StartAsync(
            TurnBench.User, "turn-0001", TurnBench.Request() with { Fingerprint = "other" }, CancellationToken.None);

        Assert.Equal(ErrorCode.Conflict, other.Error?.Code);
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

    [Fact]
    public async Task Turn_ends_once_though_it_is_stopped_while_it_ends()
    {
        for (var round = 0; round < 50; round++)
        {
            var feed = new ModelFeed();
            _bench.Model.Plays(feed);
            await using var reader = await _bench.StartAsync($"turn-stop-{round}");
            await feed.Called.WaitAsync();

            var stop = Task.Run(() => _bench.Turns.StopAsync(TurnBench.Key($"turn-stop-{round}"), CancellationToken.None));
            feed.End();
            await stop;

            Assert.Single(await reader.EventsToEndAsync(), e => e.Name is "complete" or "error");
        }
    }

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

    [Fact]
    public async Task Body_with_empty_lines_does_not_break_the_log()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        var request = TurnBench.Request() with { Messages = [new RawJson("{\n\n\"role\":\n\n\"user\",\"content\":\"a\\n\\nb\"}"u8.ToArray())] };
        var first = await _bench.Turns.StartAsync(TurnBench.User, "turn-0001", request, CancellationToken.None);
        await using var reader = new TurnReader(first.Value!.Follower!, new CancellationTokenSource());
        feed.End();
        var whole = await reader.ToEndAsync();

        var again = await _bench.Turns.StartAsync(TurnBench.User, "turn-0001", request, CancellationToken.None);
        await using var second = new TurnReader(again.Value!.Follower!, new CancellationTokenSource());

        Assert.Equal(whole, await second.ToEndAsync());
    }

    public void Dispose() => _bench.Dispose();

    private Task<AppError?> StopAsync() =>
        Task.Run(() => _bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None));
}
