using FuncChat.Engine;
using FuncChat.Engine.Usage;
using FuncChat.Web.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Limits;

/// <summary>
/// Keeps each user within the limits. Requests are counted here; tokens and tool runs are counted as turns use them, so a limit on those stops
/// the next turn, not the one that reaches it.
/// </summary>
internal sealed partial class UserQuota(
    IUsageCounter counter, IOptions<QuotaOptions> limits, IOptions<AuthSettings> auth, TimeProvider time, ILogger<UserQuota> logger)
{
    /// <summary>Counts the request; gives the error to answer with where the user has reached a limit.</summary>
    public async ValueTask<AppError?> FindReachedAsync(HttpContext http, string user)
    {
        // To stop a turn is never too much.
        if (auth.Value.LoopbackOnly || HttpMethods.IsDelete(http.Request.Method))
            return null;
        var options = limits.Value;
        try
        {
            if (await FindReachedAsync(user, UsageKind.Requests, options.RequestsPerMinute, adds: 1) is { } reached)
                return reached;

            // All that is posted starts a turn.
            return !HttpMethods.IsPost(http.Request.Method)
                ? null
                : await FindReachedAsync(user, UsageKind.ToolRuns, options.ToolRunsPerDay, adds: 0)
                    ?? await FindReachedAsync(user, UsageKind.Tokens, options.TokensPerDay, adds: 0);
        }
        catch (Exception e)
        {
            // The limits guard against too much, not against people: when they can't be checked, the server goes on.
            LogNotChecked(e);
            return null;
        }
    }

    private async ValueTask<AppError?> FindReachedAsync(string user, UsageKind kind, long limit, int adds)
    {
        if (limit == 0)
            return null;
        var now = time.GetUtcNow();
        var window = UsageWindow.At(now, user, kind);
        var used = await counter.AddAsync(window, adds, CancellationToken.None) - adds;
        return used < limit ? null : Reached(kind, limit, window.End - now);
    }

    private static AppError Reached(UsageKind kind, long limit, TimeSpan wait)
    {
        var (name, what) = kind switch
        {
            UsageKind.Requests => ("requests_per_minute", "requests a minute"),
            UsageKind.ToolRuns => ("tool_runs_per_day", "tool runs a day"),
            _ => ("tokens_per_day", "tokens a day"),
        };
        return new AppError(ErrorCode.RateLimited, FormattableString.Invariant($"You have used the {limit} {what} that this server allows. Wait for the next."))
        {
            Limit = name,
            Retryable = true,
            RetryAfter = wait,
        };
    }

    [LoggerMessage(421, LogLevel.Error, "The limits of a user could not be checked")]
    private partial void LogNotChecked(Exception exception);
}
