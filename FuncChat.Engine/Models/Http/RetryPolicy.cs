using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.Http;

/// <summary>Decides whether a model call that failed before its first byte is retried, and after which delay.</summary>
/// <param name="provider">The provider's name in the log.</param>
internal sealed partial class RetryPolicy(string provider, int maxRetries, ILogger logger)
{
    /// <summary>How often a call is retried if no setting says otherwise.</summary>
    public const int DefaultMaxRetries = 2;

    // The delay before the first retry; it doubles with each, and is spread at random.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);

    // Where the provider asks for more by `Retry-After`, the call fails at once and reports how long to wait, since a person would rather know.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait before the next try; null if the call is not retried.</summary>
    /// <param name="attempt">How many tries have failed.</param>
    public TimeSpan? WaitBefore(int attempt, AppError error)
    {
        if (!error.Retryable || attempt > maxRetries || error.RetryAfter > LongestDelay)
            return null;
        var wait = error.RetryAfter ?? Backoff(attempt);
        LogRetry(provider, error.Code, attempt, wait);
        return wait;
    }

    private static TimeSpan Backoff(int attempt)
    {
        var doubled = FirstDelay * Math.Pow(2, Math.Min(attempt - 1, 16)) * (0.75 + (Random.Shared.NextDouble() / 2));
        return doubled < LongestDelay ? doubled : LongestDelay;
    }

    [LoggerMessage(2002, LogLevel.Warning, "Provider {Provider} failed ({Code}) at try {Attempt}; the next try is in {Delay}.")]
    private partial void LogRetry(string provider, ErrorCode code, int attempt, TimeSpan delay);
}
