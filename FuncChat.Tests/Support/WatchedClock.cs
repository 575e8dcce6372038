using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Support;

/// <summary>A fake clock that tells when the code under test has begun to wait, so that a test knows when to move it.</summary>
public sealed class WatchedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>
    /// Moves the clock by the first wait, of those created since the last call, that is no longer than this; gives its length.
    /// </summary>
    public async Task<TimeSpan> PassWaitAsync(TimeSpan longest)
    {
        while (true)
        {
            var wait = await _waits.Reader.ReadAsync();
            if (wait > longest)
                continue;
            Advance(wait);
            return wait;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= TimeSpan.Zero)
            _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
