using System.Threading.Channels;

namespace FuncChat.Tests.Support;

/// <summary>A clock that advances only when the test fires the next timer, and reports that timer's due time.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly Channel<SteppedTimer> _set = Channel.CreateUnbounded<SteppedTimer>();
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(() => callback(state), _set.Writer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    /// <summary>Waits until a timer is set, and fires it.</summary>
    public async Task<TimeSpan> StepAsync()
    {
        while (true)
        {
            var timer = await _set.Reader.ReadAsync();
            if (timer.DueTime is not { } dueTime)
                continue;
            Advance(dueTime);
            timer.Fire();
            return dueTime;
        }
    }

    private sealed class SteppedTimer(Action callback, ChannelWriter<SteppedTimer> set) : ITimer
    {
        public TimeSpan? DueTime { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueTime = dueTime == Timeout.InfiniteTimeSpan ? null : dueTime;
            if (DueTime is not null)
                set.TryWrite(this);
            return true;
        }

        public void Fire() => callback();

        public void Dispose() => DueTime = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
