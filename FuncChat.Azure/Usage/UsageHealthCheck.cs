using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FuncChat.Azure.Usage;

/// <summary>Degraded while the table doesn't answer: turns continue, and each instance applies the limits alone. Sends no request.</summary>
internal sealed class UsageHealthCheck(TableCircuitBreaker reach) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(reach.IsOut ? HealthCheckResult.Degraded() : HealthCheckResult.Healthy());
}
