using System.ComponentModel.DataAnnotations;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Catalog;

/// <summary>`GET /api/health`: 200 if the server is healthy or degraded, 503 if not, with the status of each dependency and nothing else. Cached for 5 seconds.</summary>
internal sealed partial class HealthApi(HealthCheckService checks, TimeProvider time, ILogger<HealthApi> logger) : IDisposable
{
    // The route is open to everyone, and each check costs requests to the dependencies.
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(5);

    // Less than the client waits.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _checking = new(1, 1);
    private DateTimeOffset _checkedAt = DateTimeOffset.MinValue;
    private IResult? _result;

    public async Task<IResult> CheckAsync(HttpContext http)
    {
        await _checking.WaitAsync(http.RequestAborted);
        try
        {
            if (time.GetUtcNow() - _checkedAt >= CacheDuration)
                (_result, _checkedAt) = (await ReadAsync(http), time.GetUtcNow());
            return _result!;
        }
        finally
        {
            _checking.Release();
        }
    }

    public void Dispose() => _checking.Dispose();

    private async Task<IResult> ReadAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        IEnumerable<RequestProbe> more = http.Features.Get<RequestProbe>() is { } probe ? [probe] : [];
        var probes = more.Select(async probe => (probe.Name, Status: await StatusOfAsync(probe.Name, probe.RunAsync, cancellationToken))).ToList();
        var report = await checks.CheckHealthAsync(cancellationToken);
        var lines = report.Entries.Select(entry => (Name: entry.Key, entry.Value.Status)).Concat(await Task.WhenAll(probes)).ToList();
        var worst = lines.Select(line => line.Status).Append(HealthStatus.Healthy).Min();
        var document = new HealthReportDocument(
            NameOf(worst), lines.ToDictionary(line => line.Name, line => NameOf(line.Status), StringComparer.Ordinal));
        var status = worst == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return TypedResults.Json(document, WebJson.Relaxed.HealthReportDocument, statusCode: status);
    }

    private async Task<HealthStatus> StatusOfAsync(string name, Func<CancellationToken, Task> probe, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ProbeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await probe(either.Token).WaitAsync(either.Token);
            return HealthStatus.Healthy;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, name, failure);
            return HealthStatus.Unhealthy;
        }
    }

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "degraded",
        _ => "failed",
    };

    [LoggerMessage(1311, LogLevel.Warning, "The dependency {Name} does not respond")]
    private static partial void LogFailed(ILogger logger, string name, Exception failure);
}

internal sealed record HealthReportDocument(
    [property: AllowedValues("ok", "degraded", "failed")] string Status,
    [property: AllowedValues("ok", "degraded", "failed")] IReadOnlyDictionary<string, string> Dependencies);
