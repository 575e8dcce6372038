using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>Turns that are asked for more than once: the same id and body are one turn.</summary>
public sealed class RepeatedTurnTests : IDisposable
{
    private readonly TurnBench _bench = new();

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

    // One that comes while the turn is being created waits by the clock, and may then read from the log, which it looks at by the clock too.
    private async Task<T> WithClockAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            await ((Task)task).WaitAsync(TimeSpan.FromMilliseconds(10), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _bench.Time.Advance(TimeSpan.FromMilliseconds(10)); // Hardly faster than the machine's clock: a call of the store has 10 s, however busy the machine is.
        }

        return await task;
    }
}
