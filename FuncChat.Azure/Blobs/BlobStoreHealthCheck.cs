using Azure.Storage.Blobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FuncChat.Azure.Blobs;

/// <summary>Whether the store of the turns answers. A failure throws, which counts as unhealthy.</summary>
internal sealed class BlobStoreHealthCheck(BlobContainerClient container) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await container.ExistsAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
