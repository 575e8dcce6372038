using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Engine.Threads;

/// <summary>Turns that wait in their thread for another one to end.</summary>
public sealed class WaitingTurnTests : IDisposable
{
    private static readonly ThreadKey Key = new(TurnBench.User, "thread-0001");

    private readonly TemporaryFolder _folder = new();
    private readonly WatchedTurnStore _store;
    private readonly TurnBench _bench;

    public WaitingTurnTests()
    {
        _store = new WatchedTurnStore(_folder.Path);
        _bench = new TurnBench(log: _store, dataPath: _folder.Path, approvals: options => options.Default = ApprovalMode.Always);
    }

    [Fact]
    public async Task Turn_looks_less_and_less_often_at_one_that_waits_for_a_person()
    {
        _bench.Model.Calls(("a", GatedTools.Echo, """{"text":"one"}"""));
        var request = TurnBench.Request(GatedTools.Echo);
        var threads = _bench.Services.GetRequiredService<ThreadTurns>();
        var position = await threads.FindAsync(Key, "turn-0001", null, IfRunning.Refuse, CancellationToken.None);
        var parked = await threads.StartAsync(position.Value!, "turn-0001", request.Messages, request, CancellationToken.None);
        await parked.Value!.Completion;
        using var leaving = new CancellationTokenSource();
        var before = _store.Opened;

        var queued = threads.FindAsync(Key, "turn-0002", null, IfRunning.Queue, leaving.Token);
        await _bench.AdvanceUntilAsync(Task.WhenAny(queued, Task.Delay(TimeSpan.FromSeconds(20), _bench.Time)));

        Assert.False(queued.IsCompleted);
        Assert.InRange(_store.Opened - before, 10, 60);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
    }

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }
}
