using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Turns;

public sealed class RequestMemoryTests
{
    private readonly RequestMemory _memory = new(Options.Create(new TurnOptions { MaxRequestBytes = 4000 }));

    [Fact]
    public void User_holds_a_quarter_and_others_the_rest()
    {
        Assert.True(_memory.Hold("ada", 600).Succeeded);
        Assert.Equal("request_bytes_at_once", _memory.Hold("ada", 600).Error?.Limit);

        Assert.True(_memory.Hold("grace", 1000).Succeeded);
        Assert.True(_memory.Hold("alan", 1000).Succeeded);
        Assert.True(_memory.Hold("edsger", 1000).Succeeded);
        Assert.Equal(FuncChat.Engine.ErrorCode.Unavailable, _memory.Hold("barbara", 1000).Error?.Code);
    }

    [Fact]
    public void Bytes_are_released_once()
    {
        var held = _memory.Hold("ada", 1000).Value!;
        Assert.True(_memory.Hold("grace", 2900).Succeeded);

        held.Dispose();
        held.Dispose();

        Assert.True(_memory.Hold("ada", 1000).Succeeded);
        Assert.False(_memory.Hold("alan", 1000).Succeeded);
    }

    [Fact]
    public void Request_larger_than_the_bound_is_accepted_while_nothing_is_held()
    {
        Assert.True(_memory.Hold("ada", 5000).Succeeded);
        Assert.False(_memory.Hold("grace", 1).Succeeded);
    }

    [Fact]
    public async Task Work_that_must_not_be_refused_runs_one_at_a_time_beyond_the_bounds()
    {
        using var own = _memory.Hold("ada", 900).Value!;
        var (first, second) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>());
        var started = new List<int>();
        var running = RunAsync(1, first);
        var waiting = RunAsync(2, second);
        Assert.Equal([1], started);
        Assert.True(_memory.Hold("ada", 10).Error is not null);

        // What fits does not wait.
        Assert.Equal(3, await _memory.RunAsync("grace", 100, () => Task.FromResult(3), CancellationToken.None));

        first.SetResult(1);
        second.SetResult(2);
        Assert.Equal((1, 2), (await running, await waiting));
        Assert.Equal([1, 2], started);
        Assert.True(_memory.Hold("ada", 100).Succeeded);

        Task<int> RunAsync(int number, TaskCompletionSource<int> work) => _memory.RunAsync(
            "ada", 2000,
            () =>
            {
                started.Add(number);
                return work.Task;
            },
            CancellationToken.None);
    }

    [Fact]
    public void Growth_of_a_turn_is_refused_when_its_user_or_all_users_hold_too_much()
    {
        using var turn = _memory.Hold("ada", 300).Value!;
        using var other = _memory.Hold("ada", 300).Value!;
        Assert.Null(turn.Grow(400));
        Assert.Equal("request_bytes_at_once", turn.Grow(1)?.Limit);
        other.Dispose();

        Assert.Null(turn.Grow(1000));

        using var grace = _memory.Hold("grace", 900).Value!;
        Assert.Equal(FuncChat.Engine.ErrorCode.Unavailable, turn.Grow(2000)?.Code);
        turn.Dispose();
        Assert.True(_memory.Hold("alan", 1000).Succeeded);
        Assert.True(_memory.Hold("edsger", 1000).Succeeded);
        Assert.True(_memory.Hold("barbara", 1000).Succeeded);
    }

    [Fact]
    public void Continued_turn_is_counted_and_never_refused()
    {
        using (_memory.HoldAdmitted("ada", 3000))
        using (_memory.HoldAdmitted("ada", 3000))
            Assert.False(_memory.Hold("grace", 1).Succeeded);

        Assert.True(_memory.Hold("grace", 1).Succeeded);
    }

    [Fact]
    public async Task Turn_that_work_reads_again_counts_once_and_until_the_work_ends()
    {
        using (_memory.BeginReads(ReadLimit.Refuse))
        {
            await ReadAsync("turn-0001", 400);
            await ReadAsync("turn-0001", 300);
            await ReadAsync("turn-0002", 400);

            // What the work holds itself is nothing else.
            await ReadAsync("turn-0003", 400);
            using (_memory.Hold("ada", 10).Value)
                Assert.Equal(TurnStoreFailure.Busy, (await Assert.ThrowsAsync<TurnStoreException>(() => ReadAsync("turn-0004", 400))).Reason);

            // More of what is read already is not refused.
            await ReadAsync("turn-0001", 700);
            Assert.Equal(1500, Held());

            // All users together have no exception.
            Assert.Equal(TurnStoreFailure.Busy, (await Assert.ThrowsAsync<TurnStoreException>(() => ReadAsync("turn-0004", 3000))).Reason);
        }

        Assert.Equal(0, Held());
    }

    [Fact]
    public async Task Step_of_work_releases_what_it_read()
    {
        using var work = _memory.BeginReads(ReadLimit.Refuse);
        foreach (var number in Enumerable.Range(1, 5))
        {
            using var step = _memory.BeginStep();
            await ReadAsync($"turn-000{number}", 900);
        }

        Assert.Equal(0, Held());
    }

    [Fact]
    public async Task Work_of_an_admitted_turn_is_not_refused()
    {
        using var own = _memory.Hold("ada", 1000).Value!;
        using var request = _memory.BeginReads(ReadLimit.Refuse);
        using (_memory.BeginReads(ReadLimit.None))
        using (_memory.BeginStep())
        {
            await ReadAsync("turn-0001", 5000);
            Assert.Equal(6000, Held());
        }

        Assert.Equal(1000, Held());
        await Assert.ThrowsAsync<TurnStoreException>(() => ReadAsync("turn-0002", 10));
    }

    [Fact]
    public async Task Reader_without_work_holds_until_it_is_disposed()
    {
        using (var reads = _memory.ReadsOf(new TurnKey("ada", "turn-0001")))
        {
            await reads.HoldAsync(3000, CancellationToken.None);
            await reads.HoldAsync(5000, CancellationToken.None);
            Assert.Equal(5000, Held());
        }

        Assert.Equal(0, Held());
    }

    [Fact]
    public async Task Work_that_waits_runs_one_at_a_time_beyond_the_bounds()
    {
        using var own = _memory.Hold("ada", 1000).Value!;
        var (leave, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = StopAsync("turn-0001", leave.Task);
        var waiting = StopAsync("turn-0002", Task.CompletedTask, second);
        Assert.Equal(3010, Held());
        Assert.False(second.Task.IsCompleted);

        leave.SetResult();
        await first;
        await waiting;

        Assert.True(second.Task.IsCompleted);
        Assert.Equal(1000, Held());

        async Task StopAsync(string turnId, Task until, TaskCompletionSource? begun = null)
        {
            using var work = _memory.BeginReads(ReadLimit.Wait);
            await ReadAsync(turnId, 2000);

            // Work within it does not wait for it.
            using var inner = _memory.BeginReads(ReadLimit.Wait);
            await ReadAsync(turnId + "-b", 10);
            begun?.SetResult();
            await until;
        }
    }

    [Fact]
    public async Task Work_continues_in_another_flow()
    {
        HeldReads work = null!;
        await Task.Run(() => work = _memory.BeginReads(ReadLimit.Refuse));
        using (work.Resume())
            await ReadAsync("turn-0001", 500);
        Assert.Equal(500, Held());

        work.Dispose();

        Assert.Equal(0, Held());
    }

    private async Task ReadAsync(string turnId, long bytes)
    {
        using var reads = _memory.ReadsOf(new TurnKey("ada", turnId));
        await reads.HoldAsync(bytes, CancellationToken.None);
    }

    private long Held() => _memory.HeldBy("ada");
}
