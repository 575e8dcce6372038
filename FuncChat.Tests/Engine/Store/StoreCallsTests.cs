using FuncChat.Engine.Store;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Store;

public sealed class StoreCallsTests
{
    [Fact]
    public async Task Result_that_comes_between_the_limit_and_its_handling_is_disposed()
    {
        var time = new FakeTimeProvider();
        var calls = new StoreCalls("turns", TimeSpan.FromSeconds(10), time);
        var result = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposed = new ManualSignal();
        var context = new HeldContext();
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        var call = calls.RunAsync(_ => result.Task, CancellationToken.None, _ =>
        {
            disposed.Set();
            return ValueTask.CompletedTask;
        });
        SynchronizationContext.SetSynchronizationContext(outer);
        time.Advance(TimeSpan.FromSeconds(10));

        result.SetResult("late");
        context.Release();

        Assert.Equal(TurnStoreFailure.Unavailable, (await Assert.ThrowsAsync<TurnStoreException>(() => call)).Reason);
        await disposed.WaitAsync();
    }

    private sealed class HeldContext : SynchronizationContext
    {
        private readonly Queue<Action> _held = new();
        private bool _isReleased;

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (_held)
            {
                if (!_isReleased)
                {
                    _held.Enqueue(() => d(state));
                    return;
                }
            }

            d(state);
        }

        public void Release()
        {
            lock (_held)
                _isReleased = true;
            foreach (var each in _held)
                each();
        }
    }
}
