namespace FuncChat.Engine.Usage;

/// <summary>The errors of users who have reached a limit.</summary>
public static class QuotaErrors
{
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
