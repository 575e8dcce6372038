using FuncChat.Engine;
using FuncChat.Engine.Usage;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Limits;

/// <summary>
/// Applies each user's limits to requests. Requests are counted here, tool runs when they start, and tokens by <see cref="TokenMeter"/>, which also checks
/// their limit before each model call.
/// </summary>
internal sealed partial class UserQuota(
    IUsageCounter counter, IOptions<QuotaOptions> limits, UsageReports reports, TimeProvider time, ILogger<UserQuota> logger)
{
    private const int StopsPerRequest = 10;
    private const string SignalsPath = "/signals";

    /// <summary>Counts the request, and returns an error if the user has reached a limit.</summary>
    public async ValueTask<AppError?> TryCountAsync(HttpContext http, Caller caller)
    {
        var (options, user) = (limits.Value, caller.User);
        if (caller.Name is { } name)
            counter.Describe(user, name);
        try
        {
            // A user who has reached the limit can still stop turns, which saves more than it costs.
            var perMinute = HttpMethods.IsDelete(http.Request.Method) ? (long)options.RequestsPerMinute * StopsPerRequest : options.RequestsPerMinute;
            if (await TryCountAsync(user, UsageKind.Requests, perMinute, adds: 1) is { } reached)
                return reached;

            // A POST may start or continue a turn.
            return !HttpMethods.IsPost(http.Request.Method)
                ? null
                : await TryCountAsync(user, UsageKind.ToolRuns, options.ToolRunsPerDay, adds: 0)
                    ?? await TryCountAsync(user, UsageKind.Tokens, options.TokensPerDay, adds: 0)
                    ?? await FindSpentAsync(http, user);
        }
        catch (Exception e)
        {
            // The limits fail open: if they can't be checked, the request is served.
            LogNotChecked(e);
            return null;
        }
    }

    // A turn can wait until a budget is raised, but clients of OpenAI's API can't. Signals answer such requests.
    private async ValueTask<AppError?> FindSpentAsync(HttpContext http, string user)
    {
        var path = http.Request.Path;
        var canWait = reports.CanBeRaised && !OpenAiPath.Includes(path);
        return canWait || path.Value?.EndsWith(SignalsPath, StringComparison.OrdinalIgnoreCase) == true
            ? null
            : await reports.FindSpentAsync(user, CancellationToken.None);
    }

    private async ValueTask<AppError?> TryCountAsync(string user, UsageKind kind, long limit, int adds)
    {
        if (limit == 0)
            return null;
        var now = time.GetUtcNow();
        var window = UsageWindow.At(now, user, kind);
        var used = await counter.AddAsync(window, adds, CancellationToken.None) - adds;
        if (used < limit)
            return null;
        return kind == UsageKind.Tokens ? await QuotaErrors.TokensReachedAsync(counter, window, used, limit, now) : QuotaErrors.Reached(kind, limit, window.End - now);
    }

    [LoggerMessage(421, LogLevel.Error, "The limits of a user could not be checked")]
    private partial void LogNotChecked(Exception exception);
}
