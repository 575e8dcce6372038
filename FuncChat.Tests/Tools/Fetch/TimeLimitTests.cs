using FuncChat.Tools.Fetch;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Tools.Fetch;

public sealed class TimeLimitTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Token_is_cancelled_when_the_time_is_up()
    {
        using var limit = new TimeLimit(TimeSpan.FromSeconds(10), _time, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.False(limit.Passed || limit.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(limit.Passed && limit.Token.IsCancellationRequested);
    }

    [Fact]
    public void Answer_that_has_arrived_is_read_after_a_computer_has_slept()
    {
        using var limit = new TimeLimit(TimeSpan.FromSeconds(10), _time, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.False(limit.Passed || limit.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(limit.Passed && limit.Token.IsCancellationRequested);
    }

    [Fact]
    public void Caller_that_cancels_is_told_apart_from_the_end_of_the_time()
    {
        using var caller = new CancellationTokenSource();
        using var limit = new TimeLimit(TimeSpan.FromSeconds(10), _time, caller.Token);

        caller.Cancel();
        Assert.True(limit.Token.IsCancellationRequested);
        Assert.False(limit.Passed);
    }

    [Fact]
    public void Time_that_is_over_already_cancels_at_once()
    {
        using var limit = new TimeLimit(TimeSpan.FromSeconds(-1), _time, CancellationToken.None);

        _time.Advance(TimeSpan.Zero);
        Assert.True(limit.Passed);
    }
}
