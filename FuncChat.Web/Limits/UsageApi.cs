using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Usage;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Limits;

/// <summary>`GET /api/usage`: what the caller has used, by the names of the limits.</summary>
public sealed partial class UsageApi(IUsageCounter counter, IOptions<QuotaOptions> options, TimeProvider time, ILogger<UsageApi> logger)
{
    private static AppError Unavailable { get; } = new(ErrorCode.Unavailable, "The usage can't be read. Try again in a moment.") { Retryable = true };

    public async Task<IResult> ReadAsync(HttpContext http)
    {
        var user = Caller.UserOf(http);
        var limits = options.Value;
        try
        {
            return TypedResults.Json(
                new UsageReport(
                    await ReadAsync(user, UsageKind.Requests, limits.RequestsPerMinute, http.RequestAborted),
                    await ReadAsync(user, UsageKind.ToolRuns, limits.ToolRunsPerDay, http.RequestAborted),
                    await ReadAsync(user, UsageKind.Tokens, limits.TokensPerDay, http.RequestAborted),
                    await ReadAsync(user, UsageKind.Bytes, limits.BytesPerDay, http.RequestAborted)),
                WebJson.Relaxed.UsageReport);
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
        {
            LogNotRead(failure);
            return new ProblemResult(Unavailable);
        }
    }

    private async ValueTask<UsageOfLimit> ReadAsync(string user, UsageKind kind, long limit, CancellationToken cancellationToken)
    {
        var window = UsageWindow.At(time.GetUtcNow(), user, kind);
        var used = await counter.AddAsync(window, 0, cancellationToken);
        return new UsageOfLimit(Math.Max(used, 0), limit == 0 ? null : limit, window.End.UtcDateTime);
    }

    [LoggerMessage(422, LogLevel.Error, "The usage of a user could not be read")]
    private partial void LogNotRead(Exception failure);
}

/// <summary>What a user has used, by the names of the limits.</summary>
internal sealed record UsageReport(UsageOfLimit RequestsPerMinute, UsageOfLimit ToolRunsPerDay, UsageOfLimit TokensPerDay, UsageOfLimit BytesPerDay);

/// <param name="Used">The count. Tokens include what running model calls reserve.</param>
/// <param name="Limit">Absent if there is none.</param>
/// <param name="ResetsAt">When the count starts again from 0.</param>
internal sealed record UsageOfLimit(long Used, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Limit, DateTime ResetsAt);
