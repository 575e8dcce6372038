using FuncChat.Engine;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Engine.Threads;

/// <summary>Turns that are sent to a new thread while the thread that has its id is being deleted.</summary>
public sealed class ThreadDeletionWaitTests : IDisposable
{
    private static readonly ThreadKey Key = new(TurnBench.User, "thread-0001");

    private readonly TurnBench _bench = new();

    private ThreadStorage Threads => _bench.Services.GetRequiredService<ThreadStorage>();

    [Fact]
    public async Task Turn_waits_as_long_as_the_deletion_may_wait_for_a_turn_that_is_starting()
    {
        var etag = await DeleteAsync();
        _bench.Model.Says("Hello.");
        var asked = AskAsync();
        await _bench.AdvanceUntilAsync(Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(5), _bench.Time)));
        Assert.False(asked.IsCompleted);

        await Threads.RemoveAsync(Key, etag, CancellationToken.None);
        await _bench.AdvanceUntilAsync(asked);

        var started = await asked;
        Assert.True(started.Succeeded, started.Error?.Message);
        await started.Value.Follower!.DisposeAsync();
        await _bench.AdvanceUntilAsync(started.Value.Completion);
        Assert.Equal("turn-0001", Assert.Single((await Threads.ReadAsync(Key, CancellationToken.None))!.Thread.Turns).TurnId);
    }

    [Fact]
    public async Task Turn_is_refused_when_the_deletion_takes_longer()
    {
        await DeleteAsync();

        var asked = AskAsync();
        await _bench.AdvanceUntilAsync(asked);

        Assert.Equal((ErrorCode.Unavailable, true), ((await asked).Error!.Code, (await asked).Error!.Retryable));
        Assert.Empty(Directory.EnumerateFiles(_bench.DataPath, "content_*", SearchOption.AllDirectories));
    }

    public void Dispose() => _bench.Dispose();

    private async Task<Result<FollowedTurn>> AskAsync()
    {
        var threads = _bench.Services.GetRequiredService<ThreadTurns>();
        var request = TurnBench.Request();
        var position = await threads.FindAsync(Key, "turn-0001", null, IfRunning.Refuse, CancellationToken.None);
        Assert.True(position.Succeeded, position.Error?.Message);
        return await threads.StartAsync(position.Value, "turn-0001", request.Messages, request, CancellationToken.None);
    }

    // Marks a thread as deleted, as the request does that deletes it.
    private async Task<string> DeleteAsync()
    {
        var now = _bench.Time.GetUtcNow();
        return (await Threads.WriteAsync(
            new ThreadDocument { User = Key.User, Id = Key.ThreadId, CreatedAt = now, UpdatedAt = now, Version = 1, IsDeleted = true }, null, CancellationToken.None))!;
    }
}
