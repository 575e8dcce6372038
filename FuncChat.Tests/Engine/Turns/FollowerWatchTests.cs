using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>How the runner of a turn and the followers on other instances agree, however short the grace is.</summary>
public sealed class FollowerWatchTests : IAsyncDisposable
{
    private static readonly TurnKey Key = TurnBench.Key("turn-0001");

    private readonly FakeTimeProvider _time = new();
    private readonly CountedMarks _marks = new();
    private readonly TurnStorage _storage;
    private FollowerWatch? _watch;
    private int _abandoned;

    public FollowerWatchTests()
    {
        var store = new MemoryTurnStore(new SharedMemory());
        _storage = new TurnStorage(store, store, _marks, store, new RequestMemory(Options.Create(new TurnOptions())), _time);
    }

    // A mark comes after its interval of a second, a poll of the store, and a slow write.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(60)]
    public void Turn_is_kept_while_another_instance_marks_it_every_few_seconds(double grace)
    {
        var watch = Watch(grace);
        watch.Join();
        _marks.Count++;
        watch.Leave();

        for (var mark = 0; mark < 50; mark++)
        {
            Pass(3);
            _marks.Count++;
        }

        Assert.Equal(0, _abandoned);
        Pass(2 * Math.Max(grace, 5));
        Assert.Equal(1, _abandoned);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(60)]
    public void Turn_that_no_other_instance_marked_is_abandoned_after_the_grace(double grace)
    {
        var watch = Watch(grace);
        watch.Join();
        watch.Leave();
        Pass(grace);

        Assert.Equal(1, _abandoned);
    }

    [Fact]
    public void Mark_still_counts_when_a_client_comes_and_leaves_before_the_next_one()
    {
        var watch = Watch(grace: 0);
        watch.Join();
        _marks.Count++;
        watch.Leave();
        Pass(1);
        watch.Join();
        watch.Leave();
        Pass(1);

        Assert.Equal(0, _abandoned);
    }

    [Fact]
    public void Old_mark_keeps_no_turn_when_the_last_client_leaves_again()
    {
        var watch = Watch(grace: 0);
        watch.Join();
        _marks.Count++;
        watch.Leave();
        watch.Join();
        Pass(60);
        watch.Leave();
        Pass(0);

        Assert.Equal(1, _abandoned);
    }

    [Fact]
    public void Client_that_comes_while_the_grace_ends_keeps_the_turn()
    {
        var time = new QueuedTime();
        var watch = Watch(grace: 60, time);
        watch.Join();
        watch.Leave();
        time.Advance(TimeSpan.FromSeconds(60));
        watch.Join();

        time.RunCallbacks();
        Assert.Equal(0, _abandoned);
        watch.Leave();
        time.Advance(TimeSpan.FromSeconds(60));
        time.RunCallbacks();
        Assert.Equal(1, _abandoned);
    }

    [Fact]
    public void Client_that_comes_while_the_store_is_asked_for_others_keeps_the_turn()
    {
        var asked = new TaskCompletionSource<string?>();
        _marks.Answer = asked.Task;
        var watch = Watch(grace: 60);
        watch.Join();
        watch.Leave();
        Pass(60);
        watch.Join();

        asked.SetResult(null);
        Assert.Equal(0, _abandoned);
        watch.Leave();
        Pass(60);
        Assert.Equal(1, _abandoned);
    }

    [Theory]
    [InlineData(true, 60, 1)]
    [InlineData(false, 0, 1)]
    [InlineData(false, 1, 1)]
    [InlineData(false, 30, 10)]
    [InlineData(false, 3600, 20)]
    public async Task Follower_marks_a_turn_at_the_pace_of_its_own_grace(bool stopsWithClient, double grace, double interval)
    {
        using var bench = new TurnBench(options => options.DetachedGrace = TimeSpan.FromSeconds(grace));
        bench.Model.Says("Hi.");
        var request = TurnBench.Request() with { StopsWithClient = stopsWithClient };
        await using (var reader = await bench.StartAsync(request))
            await reader.ToEndAsync();
        var signals = (ITurnSignals)bench.Log;
        using var remote = new TurnContinuation(bench.Runtime, bench.Kinds, bench.Services).Watch(Key, request);

        await remote.MarkFollowedAsync(CancellationToken.None);
        var first = await signals.FollowedMarkAsync(Key, CancellationToken.None);
        bench.Time.Advance(TimeSpan.FromSeconds(interval) - TimeSpan.FromMilliseconds(1));
        await remote.MarkFollowedAsync(CancellationToken.None);
        Assert.Equal(first, await signals.FollowedMarkAsync(Key, CancellationToken.None));
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));

        // By a timer: without it, this never ends.
        while (await signals.FollowedMarkAsync(Key, CancellationToken.None) == first)
            await Task.Yield();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follower_that_never_reads_all_events_marks_a_turn_that_is_not_at_its_end(bool continues)
    {
        var remotes = new RemoteTurns(_storage, _time);
        var remote = new RemoteTurn(remotes.Rent(Key), remotes, TimeSpan.Zero, _ => Task.FromResult<ContinuedTurn?>(null));
        await using var follower = new StoredFollower(
            new EndlessReader(), after: 0, first: default, remote, continues ? 1 : null, () => false, TimeSpan.FromSeconds(10), _time, CancellationToken.None);

        for (var second = 0; second < 10; second++)
        {
            Assert.Equal(FollowState.Data, await follower.WaitAsync());
            await follower.ReadAsync(new byte[1024]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(continues ? 11 : 0, _marks.Count);
    }

    [Fact]
    public async Task Turn_is_marked_while_a_client_reads_so_slowly_that_its_follower_does_not_run()
    {
        var remotes = new RemoteTurns(_storage, _time);
        RemoteTurn Remote() => new(remotes.Rent(Key), remotes, TimeSpan.FromSeconds(60), _ => Task.FromResult<ContinuedTurn?>(null));
        StoredFollower Follower() => new(
            new EndlessReader(), after: 0, first: default, Remote(), continuesAfter: 1, () => false, TimeSpan.FromSeconds(10), _time, CancellationToken.None);
        var (one, two) = (Follower(), Follower());
        await one.WaitAsync();
        await two.WaitAsync();

        Pass(200);
        Assert.Equal(11, _marks.Count);
        await one.DisposeAsync();
        Pass(200);
        Assert.Equal(21, _marks.Count);
        await two.DisposeAsync();
        Pass(200);
        Assert.Equal(21, _marks.Count);
    }

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await _watch.StopAsync();
    }

    private FollowerWatch Watch(double grace, TimeProvider? time = null) =>
        _watch = new FollowerWatch(Key, _storage, TimeSpan.FromSeconds(grace), inLongRun: () => false, () => _abandoned++, time ?? _time);

    // As a clock does: a timer that is set by another one fires in its turn.
    private void Pass(double seconds)
    {
        _time.Advance(TimeSpan.Zero);
        for (var step = 0; step < Math.Round(seconds * 10); step++)
            _time.Advance(TimeSpan.FromMilliseconds(100));
    }

    // Completes at once, so that a check has ended when the clock has moved.
    private sealed class CountedMarks : ITurnSignals
    {
        public int Count { get; set; }

        /// <summary>The answer to who follows the turn, in place of the count.</summary>
        public Task<string?>? Answer { get; set; }

        public Task SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ITurnInbox Open(TurnKey key) => throw new NotSupportedException();

        public Task MarkFollowedAsync(TurnKey key, CancellationToken cancellationToken)
        {
            Count++;
            return Task.CompletedTask;
        }

        public Task<string?> FollowedMarkAsync(TurnKey key, CancellationToken cancellationToken) => Answer ?? Task.FromResult(Count == 0 ? null : $"{Count}");
    }

    // The turn writes faster than its client reads.
    private sealed class EndlessReader : ITurnReader
    {
        public long HeaderLength => 0;

        public long Length => 0;

        public ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<EventPage> ReadAsync(long afterId, CancellationToken cancellationToken)
        {
            var frame = System.Text.Encoding.UTF8.GetBytes($"id: {afterId + 1}\nevent: delta\ndata: {{\"text\":\"a\"}}\n\n");
            return ValueTask.FromResult(new EventPage(frame, afterId + 1, TurnStatus.Running));
        }

        public Task WaitAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
