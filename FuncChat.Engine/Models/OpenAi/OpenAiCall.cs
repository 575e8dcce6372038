using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// The request of a model call, up to the first byte of a good answer: what fails before it, and may pass, is tried again.
/// </summary>
internal sealed partial class OpenAiCall
{
    private const int MaxErrorBody = 64 * 1024;

    private readonly HttpClient _http;
    private readonly OpenAiEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retries;

    public OpenAiCall(HttpClient http, OpenAiEndpoint endpoint, TimeProvider time, ILogger logger)
    {
        _http = http;
        _endpoint = endpoint;
        _time = time;
        _logger = logger;
        _retries = BuildRetries();
        Failures = FailuresWith(endpoint.ApiKey);
    }

    /// <summary>What failures of this endpoint mean. They know the key that was sent last, so as never to show it.</summary>
    public ProviderErrorMapper Failures { get; private set; }

    /// <summary>Sends the request until there is a good answer, of which only the head has been read. The caller disposes it.</summary>
    /// <exception cref="ModelException">The provider refused, or failed once too often.</exception>
    public ValueTask<HttpResponseMessage> SendAsync(ReadOnlyMemory<byte> body, CallTimeouts deadline) => _retries.ExecuteAsync(
        static (call, _) => call.Self.SendOnceAsync(call.body, call.deadline),
        (Self: this, body, deadline),
        deadline.Token);

    private ResiliencePipeline BuildRetries()
    {
        if (_endpoint.MaxRetries == 0)
            return ResiliencePipeline.Empty;
        return new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ModelException>(MayPass),
                MaxRetryAttempts = _endpoint.MaxRetries,
                Delay = _endpoint.RetryDelay,
                MaxDelay = _endpoint.MaxRetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = static attempt => new(((ModelException)attempt.Outcome.Exception!).Error.RetryAfter),
                OnRetry = attempt =>
                {
                    var error = ((ModelException)attempt.Outcome.Exception!).Error;
                    LogRetry(_endpoint.Provider, error.Code, attempt.AttemptNumber + 1, attempt.RetryDelay);
                    return default;
                },
            })
            .Build();
    }

    private bool MayPass(ModelException failure) =>
        failure.Error.Retryable && !(failure.Error.RetryAfter > _endpoint.MaxRetryDelay);

    private async ValueTask<HttpResponseMessage> SendOnceAsync(ReadOnlyMemory<byte> body, CallTimeouts deadline)
    {
        deadline.StartWaiting();
        try
        {
            using var request = NewRequest(body, await KeyAsync(deadline.Token));
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode is HttpStatusCode.OK)
                return response;
            using (response)
                throw await RefusedAsync(response, deadline.Token);
        }
        catch (HttpRequestException failure) when (!deadline.Token.IsCancellationRequested)
        {
            throw Failures.Unreachable(failure);
        }
        catch (OperationCanceledException failure) when (!deadline.Token.IsCancellationRequested)
        {
            // The handler's limit for making a connection.
            throw Failures.ConnectTimedOut(failure);
        }
        finally
        {
            deadline.StopWaiting();
        }
    }

    private async ValueTask<string?> KeyAsync(CancellationToken cancellationToken)
    {
        if (_endpoint.CallKey is not { } source)
            return _endpoint.ApiKey;
        var key = await source.GetAsync(cancellationToken);
        if (key != Failures.ApiKey)
            Failures = FailuresWith(key);
        return key;
    }

    private ProviderErrorMapper FailuresWith(string? key) => new(_endpoint.Provider, key) { WhenRefused = _endpoint.WhenRefused };

    private HttpRequestMessage NewRequest(ReadOnlyMemory<byte> body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.CompletionsUrl)
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
            Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/event-stream") } },
        };
        // Some gateways turn away requests that do not say who they are.
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("FuncChat", "1.0"));
        // Without validation: an exception about a malformed key would repeat the key.
        if (key is not null && _endpoint.KeyHeader is ApiKeyHeader.Bearer)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        else if (key is not null)
            request.Headers.TryAddWithoutValidation("api-key", key);
        return request;
    }

    private async Task<ModelException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        LogRefused(_endpoint.Provider, status);
        var report = ProviderError.None;
        try
        {
            report = ProviderError.From(await ReadErrorAsync(response, cancellationToken));
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            // The status says enough.
        }
        return Failures.Refused(status, report, RetryAfterOf(response));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[MaxErrorBody];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return body.AsMemory(0, length);
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - _time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    [LoggerMessage(2001, LogLevel.Warning, "Provider {Provider} answered with status {Status}.")]
    private partial void LogRefused(string provider, int status);

    [LoggerMessage(2002, LogLevel.Warning, "Provider {Provider} failed ({Code}); try {Attempt} failed, the next comes in {Delay}.")]
    private partial void LogRetry(string provider, ErrorCode code, int attempt, TimeSpan delay);
}
