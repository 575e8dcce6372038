using FuncChat.Engine;
using FuncChat.Engine.Usage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Limits;

/// <summary>
/// Applies each user's limits to requests. Requests are counted here, tool runs when they start, and tokens by <see cref="TokenMeter"/>, which also checks
/// their limit before each model call.
/// </summary>
internal sealed partial class UserQuota(
    IUsageCounter counter, IOptions<QuotaOptions> limits, TimeProvider time, ILogger<UserQuota> logger)
{
    private const int StopsPerRequest = 10;

    /// <summary>Counts the request, and returns an error if the user has reached a limit.</summary>
    public async ValueTask<AppError?> FindReachedAsync(HttpContext http, string user)
    {
        var options = limits.Value;
        try
        {
            // A user who has reached the limit can still stop turns, which saves more than it costs.
            var perMinute = HttpMethods.IsDelete(http.Request.Method) ? (long)options.RequestsPerMinute * StopsPerRequest : options.RequestsPerMinute;
            if (await FindReachedAsync(user, UsageKind.Requests, perMinute, adds: 1) is { } reached)
                return reached;

            // Every POST starts a turn.
            return !HttpMethods.IsPost(http.Request.Method)
                ? null
                : await FindReachedAsync(user, UsageKind.ToolRuns, options.ToolRunsPerDay, adds: 0)
                    ?? await FindReachedAsync(user, UsageKind.Tokens, options.TokensPerDay, adds: 0);
        }
        catch (Exception e)
        {
            // The limits fail open: if they can't be checked, the request is served.
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
        return used < limit ? null : QuotaErrors.Reached(kind, limit, window.End - now);
    }

    [LoggerMessage(421, LogLevel.Error, "The limits of a user could not be checked")]
    private partial void LogNotChecked(Exception exception);
}
