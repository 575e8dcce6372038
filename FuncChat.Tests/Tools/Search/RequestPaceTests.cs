using System.Net;
using FuncChat.Tools;
using FuncChat.Tools.Search;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Tools.Search;

public class RequestPaceTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RequestPace _pace = new();
    private int _sent;

    [Theory]
    [InlineData("X-RateLimit-Reset", "1, 1419704")]
    [InlineData("X-RateLimit-Reset", "0, 1419704")]
    [InlineData("Retry-After", "1")]
    [InlineData("Retry-After", "0")]
    [InlineData("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT")]
    public async Task Request_is_repeated_after_a_second_when_the_provider_allows_one_a_second(string header, string value)
    {
        var sending = SendAsync(Refuse(header, value), Answer());

        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, (await sending).StatusCode);
        Assert.Equal(2, _sent);
    }

    [Theory]
    [InlineData("X-RateLimit-Reset", "1419704")]
    [InlineData("Retry-After", "3600")]
    [InlineData("X-Other", "1")]
    public async Task Refusal_is_returned_when_its_limit_lasts_longer(string header, string value)
    {
        var response = await SendAsync(Refuse(header, value), Answer());

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(1, _sent);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT")]
    public async Task Reset_of_the_limit_counts_when_the_provider_names_no_delay(string retryAfter)
    {
        var refusal = Refuse("Retry-After", retryAfter);
        refusal.Headers.TryAddWithoutValidation("X-RateLimit-Reset", "20");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(refusal, Answer())).StatusCode);

        Assert.Equal("its limit is reached", (await Assert.ThrowsAsync<ToolException>(() => SendAsync(Answer()))).Message);
        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task Refused_requests_are_repeated_one_after_another()
    {
        var first = SendAsync(Refuse("Retry-After", "1"), Answer());
        var second = SendAsync(Refuse("Retry-After", "1"), Answer());

        _clock.Advance(TimeSpan.FromSeconds(1));
        await first;
        Assert.False(second.IsCompleted);
        while (!second.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
        Assert.Equal(4, _sent);
    }

    [Fact]
    public async Task Refusals_are_disposed_when_the_caller_leaves()
    {
        using var leaving = new CancellationTokenSource();
        var bodies = Enumerable.Range(0, 2).Select(_ => new ObservedContent()).ToList();
        var first = SendAsync(leaving.Token, Refuse("Retry-After", "1", bodies[0]));
        var second = SendAsync(leaving.Token, Refuse("Retry-After", "1", bodies[1]));

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.All(bodies, body => Assert.True(body.IsDisposed));
    }

    [Theory]
    [InlineData("1, 2000", "0, 0", "1, 1419704", false)]
    [InlineData("1, 2000", "1, 0", "1, 1419704", false)]
    [InlineData("2000, 1", "0, 0", "1419704, 1", false)]
    [InlineData("1, 2000", "0, 1999", "1, 1419704", true)]
    [InlineData("1, 2000", "1, 1999", "1, 1419704", true)]
    [InlineData("50, 0", "0, 0", "1, 1419704", true)]
    [InlineData("1, 2000", "odd", "1, 1419704", true)]
    [InlineData("1, 2000", "1, 0", "1, odd", false)]
    public async Task Request_is_repeated_only_when_no_limit_that_is_used_up_lasts_longer(string limit, string remaining, string reset, bool repeats)
    {
        var refusal = Refuse("X-RateLimit-Reset", reset);
        refusal.Headers.TryAddWithoutValidation("X-RateLimit-Limit", limit);
        refusal.Headers.TryAddWithoutValidation("X-RateLimit-Remaining", remaining);

        var sending = SendAsync(refusal, Answer());
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(repeats ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, (await sending).StatusCode);
        Assert.Equal(repeats ? 2 : 1, _sent);
    }

    [Theory]
    [InlineData("Retry-After", "20", 20)]
    [InlineData("Retry-After", "Sat, 01 Jan 2000 00:00:20 GMT", 20)]
    [InlineData("X-RateLimit-Reset", "1419704", 600)]
    public async Task Nothing_is_sent_for_a_while_when_a_limit_lasts_longer(string header, string value, int seconds)
    {
        await SendAsync(Refuse(header, value));

        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal("its limit is reached", (await Assert.ThrowsAsync<ToolException>(() => SendAsync(Answer()))).Message);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Answer())).StatusCode);
        Assert.Equal(2, _sent);
    }

    private Task<HttpResponseMessage> SendAsync(params HttpResponseMessage[] responses) => SendAsync(CancellationToken.None, responses);

    private Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken, params HttpResponseMessage[] responses)
    {
        var next = 0;
        return _pace.SendAsync(
            () =>
            {
                _sent++;
                return Task.FromResult(responses[Math.Min(next++, responses.Length - 1)]);
            },
            _clock,
            cancellationToken);
    }

    private static HttpResponseMessage Answer() => new(HttpStatusCode.OK);

    private static HttpResponseMessage Refuse(string header, string value, HttpContent? body = null)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = body };
        response.Headers.TryAddWithoutValidation(header, value);
        return response;
    }

    private sealed class ObservedContent() : ByteArrayContent([])
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
