using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Mcp;

/// <summary>A line of the health report for each MCP server. One that is down costs its tools, not the service: it is degraded.</summary>
internal sealed class McpHealthCheck(McpToolSource source) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Without a user there is nothing to ask.
        if (source.NeedsUser)
            return HealthCheckResult.Healthy();
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

/// <summary>Registers the checks once the servers are known.</summary>
internal sealed class McpHealthChecks(McpServers servers) : IConfigureOptions<HealthCheckServiceOptions>
{
    // The report waits no longer for any dependency.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public void Configure(HealthCheckServiceOptions options)
    {
        foreach (var source in servers.Sources)
            options.Registrations.Add(new HealthCheckRegistration($"mcp:{source.Name}", new McpHealthCheck(source), HealthStatus.Degraded, null, Timeout));
    }
}
