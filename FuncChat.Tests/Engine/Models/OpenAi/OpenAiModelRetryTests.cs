using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.OpenAi;

public sealed class OpenAiModelRetryTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Model_tries_again_when_the_failure_may_pass(int status)
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 2 });
        harness.Upstream.Fails(status).Fails(status).Says("Hello");

        var call = harness.AskAsync();
        await clock.PassWaitAsync(Longest);
        await clock.PassWaitAsync(Longest);

        Assert.Equal("Hello", (await call).Text);
        Assert.Equal(3, harness.Upstream.Requests.Count);
        Assert.Equal(harness.Upstream.Requests[0].BodyText, harness.Upstream.Requests[2].BodyText);
    }

    [Fact]
    public async Task Model_tries_again_when_the_connection_breaks_before_the_head()
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Answers(answer => answer.Abort()).Says("Hello");

        var call = harness.AskAsync();
        await clock.PassWaitAsync(Longest);

        Assert.Equal("Hello", (await call).Text);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\"}}\n\n")]
    [InlineData("event: error\ndata: {\"message\":\"Overloaded\"}\n\n")]
    [InlineData("data: {\"error\":{\"message\":\"Slow down\",\"code\":429}}\n\n")]
    [InlineData(": waiting\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\ndata: {\"error\":{\"code\":502,\"message\":\"Bad gateway\"}}\n\n")]
    [InlineData("{\"error\":{\"message\":\"Overloaded\"}}")]
    public async Task Model_tries_again_when_an_error_with_status_200_comes_before_the_answer(string error)
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Answers(answer => answer.Raw(error)).Says("Hello");

        var call = harness.AskAsync();
        await clock.PassWaitAsync(Longest);

        var answer = await call;
        Assert.Equal("Hello", answer.Text);
        Assert.Single(answer.Retries);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"type\":\"server_error\"}}\n\n", ErrorCode.UpstreamError, "Provider scripted failed: why")]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"code\":401}}\n\n", ErrorCode.ConfigurationError, "The key for provider scripted was refused. Check its API key setting.")]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"code\":\"401\"}}\n\n", ErrorCode.ConfigurationError, "The key for provider scripted was refused. Check its API key setting.")]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"status\":\"INVALID\",\"code\":\"400\"}}\n\n", ErrorCode.InvalidRequest, "Provider scripted refused the request: why")]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"type\":\"invalid_request_error\"}}\n\n", ErrorCode.InvalidRequest, "Provider scripted refused the request: why")]
    public async Task Model_reports_an_error_with_status_200_as_it_reports_a_status(string error, ErrorCode code, string message)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Raw(error));

        var failure = await harness.FailAsync();

        Assert.Equal((code, message), (failure.Code, failure.Message));
    }

    [Fact]
    public async Task Model_does_not_try_again_when_an_error_comes_after_a_part_of_the_answer()
    {
        await using var harness = await ModelHarness.StartAsync(configure: endpoint => endpoint with { MaxRetries = 2 });
        harness.Upstream.Answers(answer => answer.Text("Hel").Event("""{"error":{"message":"why","code":500}}"""));

        await harness.FailAsync();

        Assert.Single(harness.Upstream.Requests);
    }

    [Fact]
    public async Task Model_gives_up_when_it_has_tried_often_enough()
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 2 });
        harness.Upstream.Fails(503).Fails(503).Fails(503).Says("too late");

        var call = harness.FailAsync();
        await clock.PassWaitAsync(Longest);
        await clock.PassWaitAsync(Longest);

        Assert.Equal(ErrorCode.UpstreamError, (await call).Code);
        Assert.Equal(3, harness.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("Sun, 22 Nov 2026 12:00:07 GMT")]
    public async Task Model_waits_as_long_as_the_provider_asks_for(string retryAfter)
    {
        var clock = new WatchedClock();
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Fails(429, "", ("Retry-After", retryAfter)).Says("Hello");

        var call = harness.AskAsync();

        Assert.Equal(TimeSpan.FromSeconds(7), await clock.PassWaitAsync(Longest));
        Assert.Equal("Hello", (await call).Text);
    }

    [Theory]
    [InlineData("Retry-After", "1.5", 1500)]
    [InlineData("retry-after-ms", "1500", 1500)]
    public async Task Model_waits_a_fraction_of_a_second_when_the_provider_asks_for_it(string name, string value, double milliseconds)
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Fails(429, "", (name, value)).Says("Hello");

        var call = harness.AskAsync();

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), await clock.PassWaitAsync(Longest));
        Assert.Equal("Hello", (await call).Text);
    }

    [Theory]
    [InlineData("Sat, 22 Nov 2098 12:00:00 GMT")]
    [InlineData("2592000")]
    public async Task Model_tells_to_wait_for_a_day_at_most(string retryAfter)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(429, "", ("Retry-After", retryAfter));

        Assert.Equal(TimeSpan.FromDays(1), (await harness.FailAsync()).RetryAfter);
    }

    [Theory]
    [InlineData("Quota exceeded.\nPlease retry in 34.5s.", 34.5)]
    [InlineData("Rate limit reached. Please try again in 6m0s. Visit the console.", 360.0)]
    [InlineData("Please try again in 1h2m3.5s.", 3723.5)]
    [InlineData("Please try again in 250ms.", 0.25)]
    [InlineData("Please retry after 26 seconds.", 26.0)]
    [InlineData("Please try again in 5 minutes.", 300.0)]
    [InlineData("Please retry after 100 milliseconds.", 0.1)]
    [InlineData("Please try again in 2 hours 5 minutes.", 7500.0)]
    [InlineData("Please try again in 1.5 minutes.", 90.0)]
    [InlineData("Please try again in 1d2h.", 93600.0)]
    [InlineData("Please try again in 999999d 999999d 999999d 999999d 999999d.", 431999568000.0)]
    [InlineData("Please try again in 3 mins.", 180.0)]
    [InlineData("Please retry in 34.50000000000s.", 34.5)]
    [InlineData("Retry in 3s 2 requests remain", 3.0)]
    [InlineData("Please try again in 3 months.", null)]
    [InlineData("Please try again in a while.", null)]
    [InlineData("Rate limit reached. Please wait 20 seconds before retrying.", 20.0)]
    [InlineData("Try again in about 20 seconds.", 20.0)]
    [InlineData("Quota resets in 2 minutes.", 120.0)]
    [InlineData("Please wait 5 requests.", null)]
    [InlineData("I await 20 seconds.", null)]
    public async Task Model_reads_from_the_words_how_long_to_wait_when_no_header_says_so(string words, double? seconds)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(429, JsonSerializer.Serialize(new { error = new { message = words } }));

        Assert.Equal(seconds, (await harness.FailAsync()).RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData("34s", 34.0)]
    [InlineData("0.5s", 0.5)]
    [InlineData("999999999999999999999s", null)]
    [InlineData("999999d 999999d 999999d 999999d 999999d 999999d 999999d 999999d 999999d 999999d 999999d", 431999568000.0)]
    [InlineData("soon", null)]
    public async Task Model_reads_how_long_to_wait_from_the_details_of_an_error(string delay, double? seconds)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(429, $$"""[{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED","details":[7,{"@type":"QuotaFailure"},{"@type":"RetryInfo","retryDelay":"{{delay}}"}]} }]""");

        Assert.Equal(seconds, (await harness.FailAsync()).RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData("x-ratelimit-reset-requests: 30s", null)]
    [InlineData("x-ratelimit-reset-requests: 6m0s|x-ratelimit-remaining-requests: 0", 360.0)]
    [InlineData("x-ratelimit-reset-requests: 6m0s|x-ratelimit-remaining-requests: 7|x-ratelimit-reset-tokens: 12.5|x-ratelimit-remaining-tokens: 0", 12.5)]
    [InlineData("x-ratelimit-reset-requests: 6m0s|x-ratelimit-remaining-requests: 7", null)]
    [InlineData("x-ratelimit-reset-requests: 30s|Retry-After: 20", 20.0)]
    [InlineData("anthropic-ratelimit-requests-reset: 2026-11-22T12:00:30Z|anthropic-ratelimit-requests-remaining: 0", 30.0)]
    [InlineData("anthropic-ratelimit-requests-reset: 2026-11-22T12:00:30Z|anthropic-ratelimit-requests-remaining: 9|anthropic-ratelimit-input-tokens-reset: 2026-11-22T12:00:40Z|anthropic-ratelimit-input-tokens-remaining: 0", 40.0)]
    [InlineData("anthropic-ratelimit-requests-reset: 2026-11-22T11:59:30Z|anthropic-ratelimit-requests-remaining: 0", null)]
    [InlineData("anthropic-ratelimit-requests-reset: 2030-11-22T12:00:00Z|anthropic-ratelimit-requests-remaining: 0", 86400.0)]
    [InlineData("x-ratelimit-reset-requests: NaN|x-ratelimit-remaining-requests: 0", null)]
    [InlineData("x-ratelimit-reset-requests: 1e400", null)]
    public async Task Model_waits_until_the_limits_that_are_used_up_are_reset_when_no_header_asks_for_a_wait(string headers, double? seconds)
    {
        var clock = new WatchedClock();
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using var harness = await ModelHarness.StartAsync(clock);
        harness.Upstream.Fails(429, "", [.. headers.Split('|').Select(header => (header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]))]);

        Assert.Equal(seconds, (await harness.FailAsync()).RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData("retry-after-ms", "-Infinity")]
    [InlineData("retry-after-ms", "Infinity")]
    [InlineData("retry-after-ms", "NaN")]
    [InlineData("retry-after-ms", "1e400")]
    [InlineData("Retry-After", "-Infinity")]
    [InlineData("Retry-After", "NaN")]
    [InlineData("Retry-After", "-1")]
    [InlineData("Retry-After", "soon")]
    [InlineData("Retry-After", "99999999999999999999")]
    public async Task Model_reports_the_failure_when_the_wait_that_the_provider_asks_for_makes_no_sense(string name, string value)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(429, "", (name, value));

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.RateLimited, null), (error.Code, error.RetryAfter));
    }

    [Theory]
    [InlineData("11")]
    [InlineData("Sun, 22 Nov 2026 12:00:11 GMT")]
    public async Task Model_tells_how_long_to_wait_when_that_is_longer_than_it_waits_itself(string retryAfter)
    {
        var clock = new WatchedClock();
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 2 });
        harness.Upstream.Fails(429, "", ("Retry-After", retryAfter)).Says("not asked for");

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.RateLimited, true, TimeSpan.FromSeconds(11)), (error.Code, error.Retryable, error.RetryAfter));
        Assert.Single(harness.Upstream.Requests);
    }

    [Theory]
    [InlineData(400, "")]
    [InlineData(401, "")]
    [InlineData(404, "")]
    [InlineData(429, """{"error":{"code":"insufficient_quota"}}""")]
    public async Task Model_does_not_try_again_when_the_failure_would_be_the_same(int status, string body)
    {
        await using var harness = await ModelHarness.StartAsync(configure: endpoint => endpoint with { MaxRetries = 2 });
        harness.Upstream.Fails(status, body).Says("not asked for");

        Assert.False((await harness.FailAsync()).Retryable);
        Assert.Single(harness.Upstream.Requests);
    }

    [Fact]
    public async Task Model_does_not_try_again_when_the_answer_breaks_after_its_first_byte()
    {
        await using var harness = await ModelHarness.StartAsync(configure: endpoint => endpoint with { MaxRetries = 2 });
        var received = new ManualSignal();
        harness.Upstream.Answers(answer => answer.Text("half").WaitFor(received).Abort()).Says("not asked for");
        await using var chunks = harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        received.Set();

        var failure = await Assert.ThrowsAsync<ModelException>(() => chunks.MoveNextAsync().AsTask());
        Assert.Equal((ErrorCode.UpstreamError, true), (failure.Error.Code, failure.Error.Retryable));
        Assert.Single(harness.Upstream.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData(": only a comment\n\n")]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n")]
    [InlineData("data: {\"citations\":[\"https://one.test/\"],\"choices\":[]}\n\n")]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":0}}\n\n")]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":0}}\n\ndata: [DONE]\n\n")]
    public async Task Model_tries_again_when_the_stream_ends_before_any_content(string stream)
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Answers(answer => answer.Raw(stream)).Says("Hello").Answers(answer => answer.Raw(stream)).Answers(answer => answer.Raw(stream));

        var call = harness.AskAsync();
        await clock.PassWaitAsync(Longest);
        Assert.Equal("Hello", (await call).Text);
        var failing = harness.FailAsync();
        await clock.PassWaitAsync(Longest);

        Assert.Equal("Provider scripted ended the connection before its answer was complete.", (await failing).Message);
        Assert.Equal(4, harness.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Model_tries_again_when_the_connection_breaks_before_any_content()
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Answers(answer => answer.Raw(": a\n\n").Abort()).Says("Hello");

        var call = harness.AskAsync();
        await clock.PassWaitAsync(Longest);

        Assert.Equal("Hello", (await call).Text);
    }

    [Fact]
    public async Task Model_stops_waiting_for_a_retry_when_its_token_is_cancelled()
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 2 });
        harness.Upstream.Fails(503, "", ("Retry-After", "9")).Says("not asked for");
        using var leaving = new CancellationTokenSource();

        var call = harness.AskAsync(cancellationToken: leaving.Token);
        await harness.Upstream.RequestAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(harness.Upstream.Requests);
    }
}
