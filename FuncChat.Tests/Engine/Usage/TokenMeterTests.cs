using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Usage;

public sealed class TokenMeterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 23, 59, 30, TimeSpan.Zero));
    private readonly SharedUsageCounter _counter;
    private readonly TokenMeter _meter;

    private static ResolvedModel Model { get; } = new("test", "model", new FakeModel());

    public TokenMeterTests()
    {
        _counter = UsageBench.CounterOf(new MemoryUsageStore(), _time);
        _meter = UsageBench.MeterOf(_counter, _time, tokensPerDay: 5000);
    }

    [Fact]
    public async Task Calls_that_start_at_once_exceed_the_limit_by_no_more_than_one_of_them()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
        {
            try
            {
                await _meter.ReserveAsync("ada", Model, Request(maxTokens: 1000));
                return 1;
            }
            catch (ModelException)
            {
                return 0;
            }
        })));

        // A refused call's reservation may be in the count for a moment, so there may be fewer.
        Assert.InRange(started.Sum(), 1, 5);
        Assert.InRange(await CountAsync(), 1, 5000 + 1010);
    }

    [Fact]
    public async Task Settled_call_counts_what_was_reported()
    {
        var reservation = await _meter.ReserveAsync("ada", Model, Request());
        Assert.True(await CountAsync() > TokenEstimate.DefaultOutput);

        reservation.Succeed(new ModelUsage(10, 5), answerBytes: 4000);

        Assert.Equal(15, await CountAsync());
    }

    [Fact]
    public async Task Failed_call_counts_at_least_what_was_reported_before_it_failed()
    {
        var reservation = await _meter.ReserveAsync("ada", Model, Request());

        reservation.Fail(new IOException(), new ModelUsage(3000, 1), answerBytes: 400);

        Assert.Equal(3100, await CountAsync());
    }

    [Fact]
    public async Task Call_over_midnight_counts_for_the_day_on_which_it_started()
    {
        var reservation = await _meter.ReserveAsync("ada", Model, Request());
        _time.Advance(TimeSpan.FromMinutes(1));

        reservation.Succeed(new ModelUsage(10, 5), answerBytes: 4);

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public void Image_costs_no_tokens_for_each_byte_and_text_under_its_name_does_not_hide()
    {
        var data = new string('A', 4_000_000);

        Assert.InRange(InputOf($$$"""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{data}}}"}}]}"""), 1500, 1600);
        Assert.InRange(InputOf($$$"""{"role":"user","content":"data:image/png;base64,{{{data}}}"}"""), 1_000_000, 1_000_100);
    }

    private static long InputOf(string message) => TokenEstimate.OfInput(Request(message));

    private static ModelRequest Request(string message = """{"role":"user","content":"Hello"}""", int? maxTokens = null) =>
        new() { Model = "model", Messages = [Encoding.UTF8.GetBytes(message)], Sampling = new SamplingOptions { MaxTokens = maxTokens } };

    private ValueTask<long> CountAsync() => _counter.AddAsync(UsageWindow.At(_time.GetUtcNow(), "ada", UsageKind.Tokens), 0, CancellationToken.None);
}
