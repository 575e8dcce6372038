using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FuncChat.Azure.Secrets;

/// <summary>How the vault was when it was last read. It is not asked again: anybody may ask how the server is, any number of times.</summary>
internal sealed class VaultHealthCheck(VaultRefresh refresh) : IHealthCheck
{
    // Not failed: the server goes on with the keys that it has.
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(refresh.IsFailing ? HealthCheckResult.Degraded() : HealthCheckResult.Healthy());
}
