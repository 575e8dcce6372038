using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FuncChat.Web.Catalog;

/// <summary>`GET /api/health`: 200 where all is well or degraded, 503 where not, with a line for each dependency. Says nothing else.</summary>
public sealed class HealthApi(HealthCheckService checks)
{
    public async Task<IResult> CheckAsync(CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        var document = new HealthReportDocument(
            NameOf(report.Status), report.Entries.ToDictionary(entry => entry.Key, entry => NameOf(entry.Value.Status), StringComparer.Ordinal));
        var status = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return TypedResults.Json(document, WebJson.Relaxed.HealthReportDocument, statusCode: status);
    }

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "degraded",
        _ => "failed",
    };
}

internal sealed record HealthReportDocument(string Status, IReadOnlyDictionary<string, string> Dependencies);
