using FuncChat.Tools;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Tools;

public class FairQueueTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Users_take_turns_when_one_waits_with_many()
    {
        var queue = new FairQueue(2);
        await EnterAsync(queue, "a");
        await EnterAsync(queue, "a");
        var waiting = Enumerable.Range(0, 20).Select(_ => EnterAsync(queue, "a")).ToList();
        var other = EnterAsync(queue, "b");

        queue.Leave("a");

        await other;
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        queue.Leave("a");
        await waiting[0];
        var third = EnterAsync(queue, "c");
        queue.Leave("b");
        await third;
        Assert.Equal(1, waiting.Count(task => task.IsCompleted));
    }

    [Fact]
    public async Task User_gets_every_place_when_no_one_else_waits()
    {
        var queue = new FairQueue(4);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EnterAsync(queue, "a")));
        var fifth = EnterAsync(queue, "a");
        Assert.False(fifth.IsCompleted);
        queue.Leave("a");

        await fifth;
    }

    [Fact]
    public async Task Waiting_ends_when_the_limit_is_over()
    {
        var queue = new FairQueue(1);
        await EnterAsync(queue, "a");
        var waiting = EnterAsync(queue, "b");

        _clock.Advance(Limit);

        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        queue.Leave("a");
        await EnterAsync(queue, "c");
    }

    [Fact]
    public async Task Place_is_passed_on_when_a_waiting_user_leaves()
    {
        var queue = new FairQueue(1);
        using var caller = new CancellationTokenSource();
        await EnterAsync(queue, "a");
        var leaving = queue.EnterAsync("b", Limit, _clock, caller.Token);
        var next = EnterAsync(queue, "c");

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        queue.Leave("a");

        await next;
    }

    private Task EnterAsync(FairQueue queue, string user) => queue.EnterAsync(user, Limit, _clock, CancellationToken.None);
}
