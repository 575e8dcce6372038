using FuncChat.Engine;
using FuncChat.Engine.Usage;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Usage;

/// <summary>`GET /api/usage`: what the caller has used, by the names of the limits, and the caller's budgets.</summary>
internal sealed partial class UsageApi(
    IUsageCounter counter, UsageReports reports, CallerRights callers, IOptions<QuotaOptions> options, TimeProvider time, ILogger<UsageApi> logger)
{
    private static AppError Unavailable { get; } = new(ErrorCode.Unavailable, "The usage can't be read. Try again in a moment.") { Retryable = true };

    public async Task<IResult> ReadAsync(HttpContext http)
    {
        try
        {
            return TypedResults.Json(await ReportAsync(Caller.Of(http), http.RequestAborted), WebJson.Relaxed.UsageReport);
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
        {
            LogNotRead(failure);
            return new ProblemResult(Unavailable);
        }
    }

    private async Task<UsageReport> ReportAsync(Caller caller, CancellationToken cancellationToken)
    {
        var user = caller.User;
        var roles = RolesOf(caller).ToList();
        var limits = options.Value;
        var budgets = await reports.BudgetsOfAsync(user, cancellationToken);
        return new UsageReport(
            await ReadAsync(UsageKind.Requests, limits.RequestsPerMinute),
            await ReadAsync(UsageKind.ToolRuns, limits.ToolRunsPerDay),
            await ReadAsync(UsageKind.Tokens, limits.TokensPerDay),
            await ReadAsync(UsageKind.Bytes, limits.BytesPerDay),
            UsageOfPeriod.Of(await reports.TotalOfAsync(user, inMonth: false, cancellationToken)),
            UsageOfPeriod.Of(await reports.TotalOfAsync(user, inMonth: true, cancellationToken)))
        {
            Currency = reports.Currency,
            Roles = roles.Count == 0 ? null : roles,
            Budgets = budgets.Count == 0 ? null : [.. budgets.Select(UsageOfBudget.Of)],
        };

        async ValueTask<UsageOfLimit> ReadAsync(UsageKind kind, long limit)
        {
            var window = UsageWindow.At(time.GetUtcNow(), user, kind);
            var used = await counter.AddAsync(window, 0, cancellationToken);
            return new UsageOfLimit(Math.Max(used, 0), limit == 0 ? null : limit, window.End.UtcDateTime);
        }
    }

    private IEnumerable<string> RolesOf(Caller caller)
    {
        if (reports.IsAdministrator(caller.Roles))
            yield return "administrator";
        if (callers.IsApprover(caller))
            yield return "approver";
    }

    [LoggerMessage(422, LogLevel.Error, "The usage of a user could not be read")]
    private partial void LogNotRead(Exception failure);
}
