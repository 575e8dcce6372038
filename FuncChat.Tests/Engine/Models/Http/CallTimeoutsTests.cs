using FuncChat.Engine.Models.Http;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.Http;

/// <summary>The idle time of a call when timer callbacks run late, as after a suspension of the process.</summary>
public sealed class CallTimeoutsTests : IDisposable
{
    private static readonly TimeSpan Suspension = TimeSpan.FromMinutes(10);

    private readonly QueuedTime _clock = new();
    private readonly CallTimeouts _timeouts;

    public CallTimeoutsTests() =>
        _timeouts = new CallTimeouts(TimeSpan.FromSeconds(60), TimeSpan.FromHours(2), _clock, CancellationToken.None);

    public void Dispose() => _timeouts.Dispose();

    [Fact]
    public void Next_wait_has_the_whole_idle_time_when_a_read_completes_before_the_queued_callback_runs()
    {
        _timeouts.StartWaiting();
        _clock.Advance(Suspension);
        _timeouts.StopWaiting();
        _timeouts.StartWaiting();

        AssertWholeIdleTime();
    }

    [Fact]
    public void Next_wait_has_the_whole_idle_time_when_a_read_completes_in_the_time_to_read()
    {
        _timeouts.StartWaiting();
        _clock.Advance(Suspension);
        _clock.RunCallbacks();
        _timeouts.StopWaiting();
        _timeouts.StartWaiting();

        AssertWholeIdleTime();
    }

    [Fact]
    public void Next_wait_has_the_whole_idle_time_when_a_read_completes_at_the_end_of_the_time_to_read()
    {
        _timeouts.StartWaiting();
        _clock.Advance(Suspension);
        _clock.RunCallbacks();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _timeouts.StopWaiting();
        _timeouts.StartWaiting();

        AssertWholeIdleTime();
    }

    [Fact]
    public void Next_wait_has_the_whole_idle_time_when_it_starts_while_the_callback_runs()
    {
        _timeouts.StartWaiting();
        _clock.Advance(Suspension);
        var read = new Thread(() =>
        {
            _timeouts.StopWaiting();
            _timeouts.StartWaiting();
        });
        _clock.OnNextTimestamp(() =>
        {
            read.Start();

            // The read completes here unless it must wait for the callback.
            SpinWait.SpinUntil(() => !read.IsAlive || read.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        });
        _clock.RunCallbacks();
        read.Join();

        AssertWholeIdleTime();
    }

    [Fact]
    public void Next_wait_has_the_whole_idle_time_when_the_callback_of_an_earlier_one_runs_in_it()
    {
        _timeouts.StartWaiting();
        _clock.Advance(Suspension);
        _timeouts.StopWaiting();
        _timeouts.StartWaiting();
        _clock.Advance(TimeSpan.FromSeconds(20));
        AssertContinues();

        _clock.Advance(TimeSpan.FromSeconds(39));
        AssertContinues();
        _clock.Advance(TimeSpan.FromSeconds(1));
        AssertTimeIsOver();
    }

    [Fact]
    public void Call_continues_when_the_queued_callback_runs_while_a_slow_client_reads()
    {
        _timeouts.StartWaiting();
        _clock.Advance(Suspension);
        _timeouts.StopWaiting();
        AssertContinues();

        _clock.Advance(TimeSpan.FromSeconds(2));
        AssertContinues();
        _clock.Advance(Suspension);
        AssertContinues();
    }

    [Fact]
    public void Call_continues_when_a_timeout_without_a_suspension_is_queued_and_the_read_completes_first()
    {
        _timeouts.StartWaiting();
        _clock.Advance(TimeSpan.FromSeconds(60));
        _timeouts.StopWaiting();

        AssertContinues();
    }

    [Fact]
    public void Call_has_time_to_read_after_each_suspension()
    {
        _timeouts.StartWaiting();
        for (var suspension = 0; suspension < 3; suspension++)
        {
            _clock.Advance(Suspension);
            AssertContinues();
        }

        _clock.Advance(TimeSpan.FromSeconds(2));
        AssertTimeIsOver();
    }

    private void AssertWholeIdleTime()
    {
        AssertContinues();
        _clock.Advance(TimeSpan.FromSeconds(2));
        AssertContinues();
        _clock.Advance(TimeSpan.FromSeconds(57));
        AssertContinues();
        _clock.Advance(TimeSpan.FromSeconds(1));
        AssertTimeIsOver();
    }

    private void AssertContinues()
    {
        _clock.RunCallbacks();
        Assert.False(_timeouts.Token.IsCancellationRequested);
    }

    private void AssertTimeIsOver()
    {
        _clock.RunCallbacks();
        Assert.True(_timeouts.IsTimeOver);
        Assert.False(_timeouts.IsOverallTimeOver);
    }
}
