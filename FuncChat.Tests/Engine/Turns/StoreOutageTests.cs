using Azure;
using FuncChat.Engine;
using FuncChat.Engine.Approvals;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>The store fails, with what SDKs and file systems throw.</summary>
public sealed class StoreOutageTests : IDisposable
{
    private readonly SharedMemory _memory = new();
    private readonly MemoryTurnStore _store;
    private readonly TurnBench _bench;

    public StoreOutageTests()
    {
        _store = new MemoryTurnStore(_memory);
        _bench = new TurnBench(options => options.MaxPerUser = 1, _store);
    }

    public static TheoryData<Exception> Outages => new(
        new AggregateException(new RequestFailedException(0, "Retry failed after 6 tries.")), new RequestFailedException(503, "Busy."),
        new IOException("No space left on device."), new UnauthorizedAccessException("Read-only."), new TaskCanceledException("Timed out."));

    [Fact]
    public async Task Reader_of_a_turn_is_disposed_when_the_turn_can_not_be_read()
    {
        _bench.Model.Says("Hi.");
        await _bench.RunAsync();
        await _bench.QuietAsync();
        Assert.Equal(0, _store.OpenReaders);
        _store.ReadOutage = () => new RequestFailedException(503, "Busy.");
        var key = TurnBench.Key("turn-0001");

        var followed = await _bench.Turns.FollowAsync(key, 0, CancellationToken.None);
        var stopped = await _bench.Turns.StopAsync(key, CancellationToken.None);

        Assert.Equal((ErrorCode.Unavailable, ErrorCode.Unavailable), (followed.Error?.Code, stopped?.Code));
        Assert.Equal(0, _store.OpenReaders);
    }

    [Theory]
    [MemberData(nameof(Outages), DisableDiscoveryEnumeration = true)]
    public async Task Turn_whose_store_fails_ends_here_and_continues_when_the_store_is_back(Exception outage)
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed).Says("A whole answer.");
        await using var reader = await _bench.StartAsync();
        feed.Give(FakeModel.Text("Half"));
        await reader.UntilAsync("Half");
        var running = Assert.Single(_bench.Runtime.Live.All).Value;

        _store.Outage = () => outage;
        feed.End();
        Assert.DoesNotContain(await reader.EventsToEndAsync(), each => each.Name is "complete" or "error");
        await running.Completion;

        Assert.Empty(_bench.Runtime.Live.All);
        _store.Outage = null;
        await using var follower = await _bench.FollowAsync();
        Assert.Equal("complete", (await follower.EventsToEndAsync())[^1].Name);
        await _bench.QuietAsync();
        _bench.Model.Says("Next.");
        await using var next = await _bench.StartAsync("turn-0002");
        Assert.Equal("complete", (await next.EventsToEndAsync())[^1].Name);
        await _bench.Runtime.DrainAsync();
    }

    [Theory]
    [MemberData(nameof(Outages), DisableDiscoveryEnumeration = true)]
    public async Task Requests_fail_as_unavailable_when_the_store_is_out(Exception outage)
    {
        _store.Outage = () => outage;

        var started = await _bench.Turns.StartAsync(TurnBench.User, "turn-0001", TurnBench.Request(), CancellationToken.None);
        var followed = await _bench.Turns.FollowAsync(TurnBench.Key("turn-0001"), 0, CancellationToken.None);
        var stopped = await _bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None);

        Assert.All([started.Error, followed.Error, stopped], error =>
        {
            Assert.Equal((ErrorCode.Unavailable, true), (error!.Code, error.Retryable));
            Assert.NotNull(error.RetryAfter);
            Assert.DoesNotContain(outage.Message, error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Search_for_signals_fails_once_in_an_outage_so_that_it_is_logged_once()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        await feed.Called.WaitAsync();
        using var upkeep = new TurnUpkeep(
            _bench.Runtime, _bench.Services.GetRequiredService<TurnStorage>(), [], _bench.Services.GetRequiredService<ApprovalQueue>(), new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance),
            Options.Create(_bench.Runtime.Options), _bench.Time, NullLogger<TurnUpkeep>.Instance);

        for (var outage = 1; outage <= 2; outage++)
        {
            _store.Outage = () => new RequestFailedException(503, "Busy.");
            await Assert.ThrowsAsync<TurnStoreException>(() => upkeep.ReceiveSignalsAsync(CancellationToken.None));
            await upkeep.ReceiveSignalsAsync(CancellationToken.None);
            _store.Outage = null;
            await upkeep.ReceiveSignalsAsync(CancellationToken.None);
        }

        feed.End();
        await reader.EventsToEndAsync();
    }

    [Fact]
    public async Task Stop_of_a_turn_whose_store_takes_no_more_is_not_reported_as_done()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        await feed.Called.WaitAsync();
        _store.AppendOutage = () => new IOException("No space left on device.");

        Assert.Equal(ErrorCode.Unavailable, (await _bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None))?.Code);

        await feed.GivenUp.WaitAsync();
    }

    [Fact]
    public async Task Model_is_not_called_each_time_that_a_turn_is_followed_while_the_store_is_full()
    {
        _bench.Model.Plays(new ModelFeed());
        await using (var reader = await _bench.StartAsync())
            await reader.UntilAsync("llm_request");
        _store.AppendOutage = () => new IOException("No space left on device.");
        var running = Assert.Single(_bench.Runtime.Live.All).Value;
        running.Interrupt();
        await running.Completion;

        for (var reconnect = 0; reconnect < 5; reconnect++)
        {
            await using var follower = await _bench.FollowAsync();
            await follower.ToEndAsync();
            await _bench.QuietAsync();
        }

        Assert.Single(_bench.Model.Requests);
    }

    [Fact]
    public async Task Follower_of_a_turn_that_runs_elsewhere_ends_when_the_store_fails()
    {
        _bench.Model.Plays(new ModelFeed());
        await using var reader = await _bench.StartAsync();
        await reader.UntilAsync("llm_request");
        var otherStore = new MemoryTurnStore(_memory);
        using var other = new TurnBench(log: otherStore);
        await using var follower = await other.FollowAsync();
        await follower.UntilAsync("llm_request");

        otherStore.Outage = () => new AggregateException(new IOException("Connection refused."));

        Assert.DoesNotContain("error", await follower.ToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follower_of_a_turn_that_runs_elsewhere_ends_when_the_turn_is_deleted_there()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        await reader.UntilAsync("llm_request");
        using var other = new TurnBench(log: new MemoryTurnStore(_memory));
        await using var follower = await other.FollowAsync();
        await follower.UntilAsync("llm_request");

        Assert.Null(await _bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None));
        Assert.True(await _store.RemoveAsync(TurnBench.Key("turn-0001"), CancellationToken.None));

        await follower.ToEndAsync();
        var again = await other.Turns.FollowAsync(TurnBench.Key("turn-0001"), 0, CancellationToken.None);
        Assert.Equal(ErrorCode.NotFound, again.Error?.Code);
    }

    [Fact]
    public async Task Request_fails_within_seconds_when_the_store_does_not_answer_while_a_turn_is_continued()
    {
        await using (await _store.CreateAsync(
            TurnBench.Key("turn-0001"), new FuncChat.Engine.Turns.TurnHeader("turn-0001", TurnBench.User, _bench.Time.GetUtcNow(), TurnBench.Request()).ToFrame(_bench.Kinds),
            CancellationToken.None))
        {
            // It exists, and no process runs it.
        }

        _store.CountingAttempt = new TaskCompletionSource().Task;

        var following = _bench.Turns.FollowAsync(TurnBench.Key("turn-0001"), 0, CancellationToken.None);
        await _bench.AdvanceUntilAsync(following);

        Assert.Equal(ErrorCode.Unavailable, (await following).Error?.Code);
        _store.CountingAttempt = Task.CompletedTask;
        _bench.Model.Says("Done.");
        await using var follower = await _bench.FollowAsync();
        Assert.Equal("complete", (await follower.EventsToEndAsync())[^1].Name);
    }

    [Fact]
    public async Task Follower_elsewhere_is_never_sent_an_event_that_it_has_though_the_store_lags()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        feed.Give(FakeModel.Text("one "), FakeModel.Text("two "), FakeModel.Text("three "));
        await reader.UntilAsync("three");
        var last = reader.Events[^1].Id;

        // Text is not stored yet: the clock does not advance.
        using var other = new TurnBench(log: new MemoryTurnStore(_memory));
        await using var follower = await other.FollowAsync(after: last);
        feed.Give(FakeModel.Text("four"));
        feed.End();
        await reader.ToEndAsync();

        var events = await follower.EventsToEndAsync();
        Assert.Equal(last + 1, events[0].Id);
        Assert.Equal(SseEvent.Join(reader.Events.Where(each => each.Id > last)), SseEvent.Join(events));
    }

    [Fact]
    public async Task Turn_that_is_being_continued_keeps_no_other_from_being_continued()
    {
        foreach (var id in new[] { "turn-0001", "turn-0002" })
        {
            await using var writer = await _store.CreateAsync(
                TurnBench.Key(id), new FuncChat.Engine.Turns.TurnHeader(id, TurnBench.User, _bench.Time.GetUtcNow(), TurnBench.Request()).ToFrame(_bench.Kinds),
                CancellationToken.None);
        }

        var acquiring = new TaskCompletionSource();
        _store.Acquiring = key => key.TurnId == "turn-0001" ? acquiring.Task : Task.CompletedTask;
        _bench.Model.Says("Second.").Says("First.");
        var first = _bench.FollowAsync("turn-0001");

        await using var second = await _bench.FollowAsync("turn-0002");
        Assert.Equal("complete", (await second.EventsToEndAsync())[^1].Name);

        acquiring.SetResult();
        await using var reader = await first;
        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
    }

    [Fact]
    public async Task Turn_that_keeps_killing_its_process_is_given_up()
    {
        _bench.Model.Plays(new ModelFeed());
        await using (var reader = await _bench.StartAsync())
            await reader.UntilAsync("llm_request");
        _store.Die();
        for (var life = 1; life <= 4; life++)
        {
            var store = new MemoryTurnStore(_memory);
            using var bench = new TurnBench(log: store);
            bench.Model.Plays(new ModelFeed());
            await using var reader = await bench.FollowAsync();
            await reader.UntilAsync("message_reset");
            store.Die();
        }

        using var last = new TurnBench(log: new MemoryTurnStore(_memory));
        await using var follower = await last.FollowAsync();
        var error = (await follower.EventsToEndAsync())[^1];
        Assert.Equal(("error", "INTERNAL", "False"), (error.Name, error.Text("code"), error.Text("retryable")));
        Assert.Contains("given up", error.Text("error"), StringComparison.Ordinal);
        Assert.Empty(last.Model.Requests);
    }

    public void Dispose() => _bench.Dispose();
}
