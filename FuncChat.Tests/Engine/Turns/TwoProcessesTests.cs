using FuncChat.Engine;
using FuncChat.Engine.Background;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>Two processes over one store, and turns that are continued long after they began.</summary>
public sealed class TwoProcessesTests : IDisposable
{
    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Turn_that_is_followed_at_another_process_is_not_ended_because_no_client_follows_it_here()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        using var other = _bench.Another();
        var first = await _bench.StartAsync();
        await first.UntilAsync("llm_request");
        var follower = await other.FollowAsync();
        await follower.UntilAsync("llm_request");
        await first.DisposeAsync();

        for (var minute = 0; minute < 5; minute++)
        {
            for (var third = 0; third < 3; third++)
            {
                await UntilMarkedAsync(other);
                _bench.Time.Advance(TimeSpan.FromSeconds(20));
            }
        }

        Assert.False(feed.GivenUp.IsSet);

        await follower.DisposeAsync();
        while (!feed.GivenUp.IsSet)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await _bench.QuietAsync();
        await using var last = await _bench.FollowAsync();
        Assert.Equal("CANCELLED", (await last.EventsToEndAsync())[^1].Text("code"));
    }

    [Fact]
    public async Task Duration_of_a_turn_counts_from_its_start_though_it_is_continued()
    {
        _bench.Model.Plays(new ModelFeed());
        await using (var reader = await _bench.StartAsync())
            await reader.UntilAsync("llm_request");
        await InterruptAsync();
        using var other = _bench.Another();
        var feed = new ModelFeed();
        other.Model.Plays(feed);
        other.Time.SetUtcNow(_bench.Time.GetUtcNow() + TimeSpan.FromMinutes(50));
        await using var follower = await other.FollowAsync();
        await feed.Called.WaitAsync();

        other.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("TURN_TIMEOUT", (await follower.EventsToEndAsync())[^1].Text("code"));
    }

    [Fact]
    public async Task Request_that_only_follows_ends_when_it_has_left()
    {
        _bench.Model.Plays(new ModelFeed());
        await using var reader = await _bench.StartAsync();

        var followed = await _bench.Turns.FollowAsync(TurnBench.Key("turn-0001"), 0, CancellationToken.None);
        await followed.Value!.Follower!.DisposeAsync();

        Assert.True(followed.Value.Completion.IsCompleted);
        Assert.Equal(1, Assert.Single(_bench.Runtime.Live.All).Value.Followers);
    }

    [Theory]
    [InlineData("{\"turn_id\":\n\n")]
    [InlineData("null\n\n")]
    [InlineData("HEADERwhat is this?\n\n")]
    [InlineData("HEADERid: 1\nevent: statux\ndata: {}\n\n")]
    [InlineData("HEADERid: 1\nevent: status\ndata: {\n\n")]
    [InlineData("HEADERid: x\nevent: status\ndata: {}\n\n")]
    public async Task Damaged_unfinished_turn_is_an_error_that_is_not_worth_a_retry(string log)
    {
        var header = new TurnHeader("turn-0001", TurnBench.User, _bench.Time.GetUtcNow(), TurnBench.Request()).ToFrame(_bench.Kinds);
        await (await ((FileTurnStore)_bench.Log).CreateAsync(TurnBench.Key("turn-0001"), header, CancellationToken.None))!.DisposeAsync();
        var path = Assert.Single(Directory.EnumerateFiles(_bench.DataPath, "*.log", SearchOption.AllDirectories));
        await File.WriteAllTextAsync(path, log.Replace("HEADER", System.Text.Encoding.UTF8.GetString(header.Span), StringComparison.Ordinal));

        var followed = await _bench.Turns.FollowAsync(TurnBench.Key("turn-0001"), 0, CancellationToken.None);
        var stopped = await _bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None);

        Assert.All([followed.Error, stopped], error => Assert.Equal((ErrorCode.Internal, false), (error!.Code, error.Retryable)));
        Assert.Contains("damaged", followed.Error!.Message, StringComparison.Ordinal);
        var inBackground = await Assert.ThrowsAsync<TurnStoreException>(() => BackgroundTurnRun.RunAsync(_bench.Turns, TurnBench.Key("turn-0001"), CancellationToken.None));
        Assert.Equal(TurnStoreFailure.Damaged, inBackground.Reason);
    }

    [Fact]
    public async Task Damage_of_a_turn_is_logged_once_and_not_by_each_request()
    {
        using var logs = new LogLines();
        _bench.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        var path = Path.Combine(_bench.DataPath, "turns");
        foreach (var turnId in new[] { "turn-0001", "turn-0002" })
        {
            var header = new TurnHeader(turnId, TurnBench.User, _bench.Time.GetUtcNow(), TurnBench.Request()).ToFrame(_bench.Kinds);
            await (await ((FileTurnStore)_bench.Log).CreateAsync(TurnBench.Key(turnId), header, CancellationToken.None))!.DisposeAsync();
        }

        foreach (var log in Directory.EnumerateFiles(path, "*.log", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(log, "null\n\n");

        foreach (var turnId in new[] { "turn-0001", "turn-0001", "turn-0002", "turn-0001" })
            Assert.Equal(ErrorCode.Internal, (await _bench.Turns.FollowAsync(TurnBench.Key(turnId), 0, CancellationToken.None)).Error!.Code);

        var lines = logs.All.Split('\n').Where(line => line.Contains("is damaged", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.StartsWith("Warning", line, StringComparison.Ordinal));
        Assert.DoesNotContain(logs.All.Split('\n'), line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    public void Dispose() => _bench.Dispose();

    private async Task InterruptAsync()
    {
        var turn = Assert.Single(_bench.Runtime.Live.All).Value;
        turn.Interrupt();
        await turn.Completion;
    }

    // A process marks the turns that its clients follow three times in the grace period.
    private async Task UntilMarkedAsync(TurnBench other)
    {
        var signals = (ITurnSignals)_bench.Log;
        var mark = await signals.FollowedMarkAsync(TurnBench.Key("turn-0001"), CancellationToken.None);
        while (await signals.FollowedMarkAsync(TurnBench.Key("turn-0001"), CancellationToken.None) == mark)
        {
            other.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }
}
