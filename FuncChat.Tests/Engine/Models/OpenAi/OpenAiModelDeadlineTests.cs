using System.Threading.Channels;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>Calls that are given up, by the clock or by their caller.</summary>
public sealed class OpenAiModelDeadlineTests
{
    [Fact]
    public async Task Model_times_out_when_the_provider_falls_silent()
    {
        var clock = new FakeTimeProvider();
        await using var harness = await ModelHarness.StartAsync(clock);
        harness.Upstream.Answers(answer => answer.Text("a").Stall());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        // A slow reader is not a silent provider.
        clock.Advance(TimeSpan.FromMinutes(5));
        var next = chunks.MoveNextAsync();
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAsync<ModelException>(() => next.AsTask());
        Assert.Equal((ErrorCode.UpstreamTimeout, true), (failure.Error.Code, failure.Error.Retryable));
        await harness.Upstream.Requests[0].Disconnected;
    }

    [Fact]
    public async Task Silence_after_the_finish_ends_the_answer()
    {
        var clock = new FakeTimeProvider();
        await using var harness = await ModelHarness.StartAsync(clock);
        harness.Upstream.Answers(answer => answer.Text("a").Finish().Usage(10, 5).Stall());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        for (var piece = 0; piece < 2; piece++)
            Assert.True(await chunks.MoveNextAsync());
        Assert.Equal(10, chunks.Current.Usage.InputTokens);

        var next = chunks.MoveNextAsync();
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(await next);
        Assert.Equal("stop", chunks.Current.FinishReason);
        Assert.False(await chunks.MoveNextAsync());
        await harness.Upstream.Requests[0].Disconnected;
    }

    [Fact]
    public async Task Comments_after_the_finish_do_not_put_its_end_off()
    {
        var clock = new WaitClock();
        await using var harness = await ModelHarness.StartAsync(clock);
        var (first, second) = (new ManualSignal(), new ManualSignal());
        harness.Upstream.Answers(answer => answer.Text("a").Finish().WaitFor(first).Raw(": ping\n\n").WaitFor(second).Raw(": ping\n\n").Stall());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());
        var next = chunks.MoveNextAsync().AsTask();

        Assert.Equal(TimeSpan.FromSeconds(5), await clock.NextShortWaitAsync());
        clock.Advance(TimeSpan.FromSeconds(2));
        first.Set();
        Assert.Equal(TimeSpan.FromSeconds(3), await clock.NextShortWaitAsync());
        clock.Advance(TimeSpan.FromSeconds(2));
        second.Set();
        Assert.Equal(TimeSpan.FromSeconds(1), await clock.NextShortWaitAsync());
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await next);
        Assert.Equal("stop", chunks.Current.FinishReason);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("in_progress")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Word_that_is_no_end_does_not_end_the_answer_early(string reason)
    {
        var clock = new FakeTimeProvider();
        await using var harness = await ModelHarness.StartAsync(clock);
        var go = new ManualSignal();
        harness.Upstream.Answers(answer => answer.Text("a").Finish(reason).Usage(10, 5).WaitFor(go).Text("b").Finish().Done());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        for (var piece = 0; piece < 2; piece++)
            Assert.True(await chunks.MoveNextAsync());
        var next = chunks.MoveNextAsync();

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.False(next.IsCompleted);
        go.Set();

        Assert.True(await next);
        Assert.Equal(ModelChunkKind.Text, chunks.Current.Kind);
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal("stop", chunks.Current.FinishReason);
    }

    [Fact]
    public async Task Silence_after_a_finish_that_came_with_text_ends_the_answer_later_as_more_may_follow()
    {
        var clock = new FakeTimeProvider();
        await using var harness = await ModelHarness.StartAsync(clock);
        harness.Upstream.Answers(answer => answer.Delta(new { content = "a" }, "stop").Stall());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        var next = chunks.MoveNextAsync();
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await next);
        Assert.Equal("stop", chunks.Current.FinishReason);
    }

    [Fact]
    public async Task Caller_that_cancels_after_the_finish_has_cancelled()
    {
        await using var harness = await ModelHarness.StartAsync(new FakeTimeProvider());
        harness.Upstream.Answers(answer => answer.Text("a").Finish().Usage().Stall());
        using var leaving = new CancellationTokenSource();
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, leaving.Token).GetAsyncEnumerator();
        for (var piece = 0; piece < 2; piece++)
            Assert.True(await chunks.MoveNextAsync());

        var next = chunks.MoveNextAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
    }

    [Theory]
    [InlineData(429, ErrorCode.RateLimited)]
    [InlineData(503, ErrorCode.UpstreamError)]
    [InlineData(401, ErrorCode.ConfigurationError)]
    public async Task Status_counts_when_the_body_of_a_refusal_never_ends(int status, ErrorCode code)
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock);
        harness.Upstream.Answers(answer => answer.Head(status, ("Retry-After", "7")).Raw(" ").Stall());

        var failing = harness.FailAsync();
        await clock.PassWaitAsync(TimeSpan.FromSeconds(15));

        var error = await failing;
        Assert.Equal(code, error.Code);
    }

    [Theory]
    [InlineData(429, ErrorCode.RateLimited)]
    [InlineData(503, ErrorCode.UpstreamError)]
    public async Task Status_counts_when_the_body_of_a_refusal_is_compressed(int status, ErrorCode code)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(status, "?", ("Content-Encoding", "br"));

        var error = await harness.FailAsync();

        Assert.Equal((code, true), (error.Code, error.Retryable));
    }

    [Fact]
    public async Task Call_is_repeated_when_the_body_of_a_refusal_never_arrives()
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Answers(answer => answer.Head(503).Raw(" ").Stall()).Says("a");

        var asking = harness.AskAsync();
        await clock.PassWaitAsync(TimeSpan.FromSeconds(15));
        await clock.PassWaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("a", (await asking).Text);
    }

    [Fact]
    public async Task Answer_that_arrived_while_the_process_was_suspended_is_read()
    {
        var clock = new FakeTimeProvider();
        await using var harness = await ModelHarness.StartAsync(clock);
        var go = new ManualSignal();
        harness.Upstream.Answers(answer => answer.Text("a").WaitFor(go).Text("b").Ends());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());
        var next = chunks.MoveNextAsync();

        // As after a suspension, the timer fires late, and before the socket reports what it has received.
        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        go.Set();

        Assert.True(await next);
    }

    [Fact]
    public async Task Model_times_out_after_a_suspension_when_the_provider_stays_silent()
    {
        var clock = new FakeTimeProvider();
        await using var harness = await ModelHarness.StartAsync(clock);
        harness.Upstream.Answers(answer => answer.Text("a").Stall());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());
        var next = chunks.MoveNextAsync();

        clock.Advance(TimeSpan.FromMinutes(2));
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(ErrorCode.UpstreamTimeout, (await Assert.ThrowsAsync<ModelException>(() => next.AsTask())).Error.Code);
    }

    [Fact]
    public async Task Model_times_out_when_no_head_comes()
    {
        var clock = new FakeTimeProvider();
        await using var harness = await ModelHarness.StartAsync(clock);
        harness.Upstream.Answers(answer => answer.Stall());

        var call = harness.FailAsync();
        var request = await harness.Upstream.RequestAsync();
        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(ErrorCode.UpstreamTimeout, (await call).Code);
        await request.Disconnected;
    }

    [Fact]
    public async Task Model_times_out_when_the_whole_call_takes_too_long()
    {
        var clock = new FakeTimeProvider();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { OverallTimeout = TimeSpan.FromSeconds(90) });
        var signals = Enumerable.Range(0, 3).Select(_ => new ManualSignal()).ToArray();
        harness.Upstream.Answers(answer => answer
            .Text("a").WaitFor(signals[0]).Text("b").WaitFor(signals[1]).Text("c").WaitFor(signals[2]).Ends());
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());
        for (var step = 0; step < 2; step++)
        {
            var next = chunks.MoveNextAsync();
            clock.Advance(TimeSpan.FromSeconds(40));
            signals[step].Set();
            Assert.True(await next);
        }

        var last = chunks.MoveNextAsync();
        clock.Advance(TimeSpan.FromSeconds(10));

        var failure = await Assert.ThrowsAsync<ModelException>(() => last.AsTask());
        Assert.Equal(ErrorCode.UpstreamTimeout, failure.Error.Code);
        Assert.Contains("too long", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_closes_the_connection_when_its_token_is_cancelled()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Stall());
        using var leaving = new CancellationTokenSource();
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, leaving.Token).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        var next = chunks.MoveNextAsync();
        await leaving.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
        Assert.Equal(leaving.Token, cancelled.CancellationToken);
        await harness.Upstream.Requests[0].Disconnected;
    }

    [Fact]
    public async Task Model_closes_the_connection_when_its_token_is_cancelled_before_the_head_comes()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Stall());
        using var leaving = new CancellationTokenSource();

        var call = harness.AskAsync(cancellationToken: leaving.Token);
        var request = await harness.Upstream.RequestAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await request.Disconnected;
    }

    [Fact]
    public async Task Model_closes_the_connection_when_its_reader_leaves()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a", "b").Stall());

        await foreach (var _ in harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None))
            break;

        await harness.Upstream.Requests[0].Disconnected;
    }

    /// <summary>Tells how long the code under test begins to wait.</summary>
    private sealed class WaitClock : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

        public async Task<TimeSpan> NextShortWaitAsync()
        {
            while (true)
            {
                var wait = await _waits.Reader.ReadAsync();
                if (wait >= TimeSpan.Zero && wait <= TimeSpan.FromSeconds(5))
                    return wait;
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new WatchedTimer(base.CreateTimer(callback, state, dueTime, period), _waits.Writer);

        private sealed class WatchedTimer(ITimer timer, ChannelWriter<TimeSpan> waits) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                var isChanged = timer.Change(dueTime, period);
                waits.TryWrite(dueTime);
                return isChanged;
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
