using FuncChat.Engine.Usage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FuncChat.Azure.Usage;

/// <summary>Degraded while the table does not answer: turns continue, and each instance applies the limits alone. Sends no request.</summary>
internal sealed class UsageHealthCheck(UsageStoreCircuit circuit) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(circuit.IsOut ? HealthCheckResult.Degraded() : HealthCheckResult.Healthy());
}
