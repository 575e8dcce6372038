using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FuncChat.Azure.Secrets;

/// <summary>Whether the last attempt to read the vault succeeded. It does not read the vault: anyone may call the health check at any rate.</summary>
internal sealed class VaultHealthCheck(VaultRefresh refresh) : IHealthCheck
{
    // Not failed: the server continues with the keys that it has.
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(refresh.IsFailing ? HealthCheckResult.Degraded() : HealthCheckResult.Healthy());
}
