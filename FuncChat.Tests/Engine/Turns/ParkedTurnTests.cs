using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Turns;

public sealed class ParkedTurnTests
{
    private static readonly TurnKey Key = new("ada", "turn-0001");
    private static readonly TurnSignal Answer = new("approve") { RequestId = "r1" };

    private readonly SharedMemory _memory = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Stream_of_a_parked_turn_ends_without_a_last_event_and_its_lease_is_released()
    {
        await using var services = Create(out _);
        var turns = services.GetRequiredService<TurnService>();

        var events = await StartAsync(turns);

        Assert.Equal(["search_start", "parked"], events.Select(each => each.Name));
        await using var writer = await new MemoryTurnStore(_memory).TryAcquireAsync(Key, CancellationToken.None);
        Assert.NotNull(writer);
        Assert.Empty(services.GetRequiredService<TurnRuntime>().Live.All);
    }

    [Fact]
    public async Task Parked_turn_is_read_to_its_end_and_not_continued_when_it_is_followed()
    {
        await using var services = Create(out var gates);
        var turns = services.GetRequiredService<TurnService>();
        await StartAsync(turns);

        Assert.Equal(["search_start", "parked"], (await FollowAsync(turns, 0)).Select(each => each.Name));
        Assert.Equal(["parked"], (await FollowAsync(turns, 1)).Select(each => each.Name));
        Assert.Null((await turns.FollowAsync(Key, 2, CancellationToken.None)).Value!.Follower);
        Assert.Equal(1, gates.Runs);
    }

    [Fact]
    public async Task Signal_continues_a_parked_turn_on_another_instance()
    {
        await using var first = Create(out _);
        await StartAsync(first.GetRequiredService<TurnService>());
        await using var second = Create(out _);
        var turns = second.GetRequiredService<TurnService>();

        var (error, completion) = await turns.SignalAsync(Key, Answer, CancellationToken.None);

        Assert.Null(error);
        await completion;
        var events = await FollowAsync(turns, 2);
        Assert.Equal(("complete", "approve"), (Assert.Single(events).Name, events[0].Text("status")));
        Assert.Null((await turns.SignalAsync(Key, Answer, CancellationToken.None)).Error);
        Assert.Equal(ErrorCode.Conflict, (await turns.SignalAsync(Key, Answer with { RequestId = "r2" }, CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Events_are_read_from_the_store_once_when_a_parked_turn_is_followed_after_a_signal()
    {
        await using var first = Create(out _);
        await StartAsync(first.GetRequiredService<TurnService>());
        await new MemoryTurnStore(_memory).SendAsync(Key, Answer, CancellationToken.None);
        await using var second = Create(out _);

        var events = await FollowAsync(second.GetRequiredService<TurnService>(), 0);

        Assert.Equal(["search_start", "parked", "complete"], events.Select(each => each.Name));
        Assert.Equal([1, 2], ((MemoryTurnStore)second.GetRequiredService<ITurnStore>()).EventsRead);
    }

    [Fact]
    public async Task Signal_that_arrives_while_the_turn_is_being_parked_continues_it()
    {
        var parking = new TaskCompletionSource();
        await using var first = Create(out var gates);
        gates.Parking = parking.Task;
        var started = await first.GetRequiredService<TurnService>().StartAsync("ada", "turn-0001", Request(), CancellationToken.None);
        await gates.Parked.WaitAsync();

        // Another instance stores the signal, but can't acquire the lease.
        await using var second = Create(out _);
        var (error, completion) = await second.GetRequiredService<TurnService>().SignalAsync(Key, Answer, CancellationToken.None);
        Assert.Null(error);
        await completion;
        parking.SetResult();

        await started.Value!.Completion;
        Assert.Equal("complete", (await FollowAsync(second.GetRequiredService<TurnService>(), 2))[^1].Name);
        await started.Value.Follower!.DisposeAsync();
    }

    [Fact]
    public async Task Parked_turn_can_be_stopped()
    {
        await using var services = Create(out _);
        var turns = services.GetRequiredService<TurnService>();
        await StartAsync(turns);

        Assert.Null(await turns.StopAsync(Key, CancellationToken.None));

        Assert.Equal("CANCELLED", (await FollowAsync(turns, 2))[^1].Text("code"));
    }

    [Fact]
    public async Task Time_that_a_turn_was_parked_does_not_count()
    {
        await using var services = Create(out _);
        var turns = services.GetRequiredService<TurnService>();
        await StartAsync(turns);
        _time.Advance(TimeSpan.FromDays(1));

        var (_, completion) = await turns.SignalAsync(Key, Answer, CancellationToken.None);

        await completion;
        Assert.Equal("complete", (await FollowAsync(turns, 2))[^1].Name);
    }

    [Fact]
    public async Task Stop_waits_for_a_turn_that_has_only_begun_to_run()
    {
        await using var services = Create(out var gates);
        using var starting = new ManualResetEventSlim();
        gates.Starting = starting;
        var turns = services.GetRequiredService<TurnService>();
        var start = Task.Factory.StartNew(
            () => turns.StartAsync("ada", "turn-0001", Request(), CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap();
        await gates.Started.WaitAsync();

        var stop = turns.StopAsync(Key, CancellationToken.None);
        Assert.False(stop.IsCompleted);
        starting.Set();

        Assert.Null(await stop);
        await using var follower = (await start).Value!.Follower!;
        Assert.Equal("CANCELLED", (await FollowAsync(turns, 0))[^1].Text("code"));
    }

    private static ParkingRequest Request() => new() { Fingerprint = "f" };

    private static async Task<IReadOnlyList<SseEvent>> StartAsync(TurnService turns)
    {
        var started = await turns.StartAsync("ada", "turn-0001", Request(), CancellationToken.None);
        var events = await ReadAsync(started.Value!.Follower!);
        await started.Value.Completion;
        return events;
    }

    private static async Task<IReadOnlyList<SseEvent>> FollowAsync(TurnService turns, long after) =>
        (await turns.FollowAsync(Key, after, CancellationToken.None)).Value!.Follower is { } follower ? await ReadAsync(follower) : [];

    private static async Task<IReadOnlyList<SseEvent>> ReadAsync(TurnFollower follower)
    {
        await using var reader = new TurnReader(follower, new CancellationTokenSource());
        return await reader.EventsToEndAsync();
    }

    private ServiceProvider Create(out ParkingGates gates)
    {
        var created = gates = new ParkingGates();
        return TestEngine.Create(services => services
            .AddStore(new MemoryTurnStore(_memory)).AddSingleton<TimeProvider>(_time).AddSingleton(created)
            .AddTurnKind<ParkingKind, ParkingRequest>("parking"));
    }
}
