namespace FuncChat.Engine.Usage;

/// <summary>The errors of users who have reached a limit.</summary>
public static class QuotaErrors
{
    /// <summary>When to try again while running calls hold the rest: most of them end sooner or not much later.</summary>
    internal static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(10);

    /// <summary>The error of a user whose tokens of the day have reached the limit.</summary>
    /// <param name="used">The tokens that were used and those that running calls reserve.</param>
    public static async ValueTask<AppError> TokensReachedAsync(IUsageCounter counter, UsageWindow window, long used, long limit, DateTimeOffset now)
    {
        var held = await counter.AddAsync(window with { Kind = UsageKind.ReservedTokens }, 0, CancellationToken.None);
        var error = Reached(UsageKind.Tokens, limit, window.End - now);
        return UsageCount.Sum(used, -held) >= limit
            ? error
            : error with
            {
                Message = FormattableString.Invariant($"Your running calls hold the rest of the limit of {limit} tokens per day. Try again when one of them has ended."),
                RetryAfter = HeldFor,
            };
    }

    /// <param name="wait">How long until the count starts again from 0.</param>
    public static AppError Reached(UsageKind kind, long limit, TimeSpan wait)
    {
        var (name, what) = kind switch
        {
            UsageKind.Requests => ("requests_per_minute", "requests per minute"),
            UsageKind.ToolRuns => ("tool_runs_per_day", "tool runs per day"),
            UsageKind.Bytes => ("bytes_per_day", "bytes stored per day"),
            _ => ("tokens_per_day", "tokens per day"),
        };
        return new AppError(ErrorCode.RateLimited, FormattableString.Invariant($"You have reached the limit of {limit} {what}. Try again in {Math.Ceiling(wait.TotalSeconds)} s."))
        {
            Limit = name,
            Retryable = true,
            RetryAfter = wait,
        };
    }
}
