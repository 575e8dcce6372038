using System.Threading.Channels;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class ThrottledProgressTests : IAsyncDisposable
{
    private readonly SteppedTime _time = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<ToolRunSnapshot> _sent = Channel.CreateUnbounded<ToolRunSnapshot>();
    private readonly ThrottledProgress _reports;
    private readonly Task _sending;

    public ThrottledProgressTests()
    {
        _reports = new ThrottledProgress(status => _sent.Writer.WriteAsync(status).AsTask(), _time);
        _sending = _reports.SendAsync(_ended.Token);
    }

    [Fact]
    public async Task Reports_wait_three_seconds_and_send_only_the_latest_when_they_come_fast()
    {
        _reports.Offer(Status("first"));
        Assert.Equal("first", (await _sent.Reader.ReadAsync()).Message);
        _reports.Offer(Status("second"));
        _reports.Offer(Status("third"));

        Assert.Equal(TimeSpan.FromSeconds(3), await _time.StepAsync());

        Assert.Equal("third", (await _sent.Reader.ReadAsync()).Message);
        Assert.False(_sent.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Reports_come_less_often_when_the_run_takes_long()
    {
        _time.Advance(TimeSpan.FromMinutes(30));
        _reports.Offer(Status("after half an hour"));

        Assert.Equal(TimeSpan.FromSeconds(30), await _time.StepAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _sending;
        _ended.Dispose();
    }

    private static ToolRunSnapshot Status(string message) => new(ToolRunStatus.Executing) { Message = message };
}
