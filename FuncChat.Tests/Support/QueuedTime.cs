using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Support;

/// <summary>
/// A clock whose due timers only queue their callbacks, as the system's do. The test runs them later. Changing a timer does not revoke a
/// queued callback.
/// </summary>
internal sealed class QueuedTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<Action> _due = new();
    private Action? _onTimestamp;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(timerState => _due.Enqueue(() => callback(timerState)), state, dueTime, period);

    public override long GetTimestamp()
    {
        Interlocked.Exchange(ref _onTimestamp, null)?.Invoke();
        return base.GetTimestamp();
    }

    /// <summary>Runs an action once, when the clock is read next.</summary>
    public void OnNextTimestamp(Action action) => _onTimestamp = action;

    public void RunCallbacks()
    {
        while (_due.TryDequeue(out var callback))
            callback();
    }
}
