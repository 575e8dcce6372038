using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.Http;

/// <summary>Decides whether a model call that failed before its first byte is retried, and after which delay.</summary>
/// <param name="provider">The provider's name in the log.</param>
/// <param name="firstDelay">The delay before the first retry; it doubles with each, and is spread at random.</param>
/// <param name="longestDelay">The longest delay, also of those that the provider asks for: if it asks for more, the call fails at once.</param>
internal sealed partial class RetryPolicy(string provider, int maxRetries, TimeSpan firstDelay, TimeSpan longestDelay, ILogger logger)
{
    /// <summary>How long to wait before the next try; null if the call is not retried.</summary>
    /// <param name="attempt">How many tries have failed.</param>
    public TimeSpan? WaitBefore(int attempt, AppError error)
    {
        if (!error.Retryable || attempt > maxRetries || error.RetryAfter > longestDelay)
            return null;
        var wait = error.RetryAfter ?? Backoff(attempt);
        LogRetry(provider, error.Code, attempt, wait);
        return wait;
    }

    private TimeSpan Backoff(int attempt)
    {
        var doubled = firstDelay * Math.Pow(2, Math.Min(attempt - 1, 16)) * (0.75 + (Random.Shared.NextDouble() / 2));
        return doubled < longestDelay ? doubled : longestDelay;
    }

    [LoggerMessage(2002, LogLevel.Warning, "Provider {Provider} failed ({Code}) at try {Attempt}; the next try is in {Delay}.")]
    private partial void LogRetry(string provider, ErrorCode code, int attempt, TimeSpan delay);
}
