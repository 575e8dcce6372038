using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FuncChat.Tools.Fetch;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.Http;

/// <summary>The HTTP request of a model call, up to the head of a good answer.</summary>
/// <param name="http">From <see cref="ProviderHttp.CreateClient"/>; may be shared by all providers.</param>
internal sealed partial class ProviderCall(HttpClient http, ProviderEndpoint endpoint, TimeProvider time, ILogger logger)
{
    private const int MaxErrorBody = 64 * 1024;

    // The status of a refusal counts, and its body only explains it.
    private static readonly TimeSpan ErrorBodyTimeout = TimeSpan.FromSeconds(15);

    // Clients take no longer time for their timers.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    public ProviderEndpoint Endpoint => endpoint;

    public TimeProvider Time => time;

    public RetryPolicy Retries { get; } = new(endpoint.Provider, endpoint.MaxRetries, logger);

    /// <summary>Sends the request once. The caller disposes the response of the outcome.</summary>
    /// <exception cref="OperationCanceledException">The deadline is over.</exception>
    public async ValueTask<CallOutcome> TrySendAsync(ReadOnlyMemory<byte> body, CallTimeouts deadline)
    {
        var failures = FailuresWith(endpoint.ApiKey);
        deadline.StartWaiting();
        try
        {
            var key = await KeyAsync(deadline.Token);
            failures = FailuresWith(key);
            using var request = NewRequest(HttpMethod.Post, endpoint.Url, key);
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode is HttpStatusCode.OK && IsReadable(response))
                return new CallOutcome(failures) { Response = response };
            deadline.StopWaiting();
            using (response)
                return await RefusedAsync(response, failures, deadline.Token);
        }
        catch (ModelException failure)
        {
            return new CallOutcome(failures) { Failure = failure };
        }
        catch (HttpRequestException failure) when (!deadline.Token.IsCancellationRequested)
        {
            return new CallOutcome(failures) { Failure = failures.Unreachable(failure) };
        }
        catch (OperationCanceledException failure) when (!deadline.Token.IsCancellationRequested)
        {
            // The handler's limit for making a connection.
            return new CallOutcome(failures) { Failure = failures.ConnectTimedOut(failure) };
        }
        finally
        {
            deadline.StopWaiting();
        }
    }

    /// <summary>Fetches a small JSON document of the provider, such as its list of models; null where it has none.</summary>
    public async Task<ReadOnlyMemory<byte>?> TryGetAsync(Uri url, int limit, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Get, url, await KeyAsync(cancellationToken));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.OK || !IsReadable(response))
            return null;
        var body = await ReadAsync(response, limit + 1, cancellationToken);
        return body.Length > limit ? null : body;
    }

    private async ValueTask<string?> KeyAsync(CancellationToken cancellationToken) =>
        endpoint.CallKey is { } source ? await source.GetAsync(cancellationToken) : endpoint.ApiKey;

    private ProviderErrorMapper FailuresWith(string? key) => new(endpoint.Provider, key) { WhenRefused = endpoint.WhenRefused };

    private HttpRequestMessage NewRequest(HttpMethod method, Uri url, string? key)
    {
        var request = new HttpRequestMessage(method, url) { Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent.Product);
        foreach (var (name, value) in endpoint.Headers)
            request.Headers.TryAddWithoutValidation(name, value);

        // Without validation: an exception about a malformed key would repeat the key.
        if (key is not null)
            request.Headers.TryAddWithoutValidation(NameOf(endpoint.KeyHeader), endpoint.KeyHeader is ApiKeyHeader.Bearer ? $"Bearer {key}" : key);
        return request;
    }

    private static string NameOf(ApiKeyHeader header) => header switch
    {
        ApiKeyHeader.Bearer => "Authorization",
        ApiKeyHeader.XApiKey => "x-api-key",
        _ => "api-key",
    };

    private static bool IsReadable(HttpResponseMessage response) =>
        !response.Content.Headers.NonValidated.Contains("Content-Encoding") || response.Content.Headers.ContentEncoding.All(coding => coding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private async Task<CallOutcome> RefusedAsync(HttpResponseMessage response, ProviderErrorMapper failures, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.OK)
            return new CallOutcome(failures) { Failure = failures.NotUnderstood("a compressed answer that was not requested") };
        var status = (int)response.StatusCode;
        LogRefused(endpoint.Provider, status);
        var body = IsReadable(response) ? await ReadErrorAsync(response, cancellationToken) : default;
        var report = ProviderError.FromBody(body);
        return new CallOutcome(failures)
        {
            Failure = failures.Refused(status, report, RetryAfterOf(response) ?? (status is 429 ? RetryWait.In(report) ?? ResetOf(response) : null)),
            Refusal = new CallRefusal(status, Encoding.UTF8.GetString(body.Span)),
        };
    }

    /// <summary>Reads the body of a refusal, or what arrives of it in time.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ErrorBodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var body = new byte[MaxErrorBody];
        var length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            while (length < body.Length && await stream.ReadAsync(body.AsMemory(length), either.Token) is > 0 and var read)
                length += read;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The status is enough.
        }

        return body.AsMemory(0, length);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[limit];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return body.AsMemory(0, length);
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        // Azure's header is more exact than the other one, which some providers send with a fraction.
        var wait = NumberOf(response, "retry-after-ms", TimeSpan.FromMilliseconds(1)) ?? NumberOf(response, "Retry-After", TimeSpan.FromSeconds(1))
            ?? (response.Headers.RetryAfter?.Date - time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestRetryAfter ? LongestRetryAfter : wait;
    }

    // When the limits that are used up are full again.
    private TimeSpan? ResetOf(HttpResponseMessage response)
    {
        TimeSpan? longest = null;
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            var header = name.ToLowerInvariant();
            var remaining = header.StartsWith("x-ratelimit-reset-", StringComparison.Ordinal) ? header.Replace("reset", "remaining", StringComparison.Ordinal)
                : header.StartsWith("anthropic-ratelimit-", StringComparison.Ordinal) && header.EndsWith("-reset", StringComparison.Ordinal) ? header[..^"reset".Length] + "remaining"
                : null;
            if (remaining is null || NumberOf(response, remaining, TimeSpan.FromSeconds(1)) != TimeSpan.Zero)
                continue;
            var wait = WaitUntil(values.FirstOrDefault() ?? "");
            if (wait > TimeSpan.Zero && (longest is null || wait > longest))
                longest = wait < LongestRetryAfter ? wait : LongestRetryAfter;
        }

        return longest;
    }

    private TimeSpan? WaitUntil(string reset) =>
        double.TryParse(reset, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? (seconds <= LongestRetryAfter.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null)
        : RetryWait.Of(reset) ?? (DateTimeOffset.TryParse(reset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? end - time.GetUtcNow() : null);

    // The style allows no sign, but the parser accepts words for infinity and for no number.
    private static TimeSpan? NumberOf(HttpResponseMessage response, string header, TimeSpan unit) =>
        response.Headers.NonValidated.TryGetValues(header, out var values)
        && double.TryParse(values.FirstOrDefault(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number >= 0 && number * unit.TotalDays < 365
            ? number * unit
            : null;

    [LoggerMessage(2001, LogLevel.Warning, "Provider {Provider} answered with status {Status}.")]
    private partial void LogRefused(string provider, int status);
}

/// <summary>What one try of a call led to: a response whose head is good, or a failure.</summary>
/// <param name="Failures">What failures of this call mean. They know the key that this call sent, so as never to show it.</param>
internal sealed record CallOutcome(ProviderErrorMapper Failures)
{
    public HttpResponseMessage? Response { get; init; }

    /// <summary>The response, once its first chunk has arrived.</summary>
    public OpenAnswer? Answer { get; init; }

    public ModelException? Failure { get; init; }

    /// <summary>What the provider answered in place of an answer; null where it could not be reached.</summary>
    public CallRefusal? Refusal { get; init; }
}

/// <summary>A refusal as the provider sent it: its body is for comparing with what was sent, never for showing.</summary>
/// <param name="Status">Null for an error in a stream that has none.</param>
internal sealed record CallRefusal(int? Status, string Body);
