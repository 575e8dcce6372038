using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FuncChat.Engine.Store;

/// <summary>Whether the store of the turns works. A failure throws, which counts as unhealthy.</summary>
internal sealed class TurnStoreHealthCheck(ITurnStoreProbe probe) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await probe.CheckAsync(cancellationToken).WaitAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
