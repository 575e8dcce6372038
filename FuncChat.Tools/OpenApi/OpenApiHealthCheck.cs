using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.OpenApi;

/// <summary>Reports an API as degraded while its description is unavailable: the service works without its tools.</summary>
internal sealed class OpenApiHealthCheck(OpenApiSource source) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await source.ListAsync(ToolUser.Unknown, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is ToolSourceException or OperationCanceledException)
        {
            return HealthCheckResult.Degraded();
        }
    }
}

/// <summary>Registers a check for each API.</summary>
internal sealed class OpenApiHealthChecks(OpenApiSources sources) : IConfigureOptions<HealthCheckServiceOptions>
{
    // The health report waits no longer for any dependency.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public void Configure(HealthCheckServiceOptions options)
    {
        foreach (var source in sources.All)
            options.Registrations.Add(new HealthCheckRegistration($"openapi:{source.Name}", new OpenApiHealthCheck(source), HealthStatus.Degraded, null, Timeout));
    }
}
