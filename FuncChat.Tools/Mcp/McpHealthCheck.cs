using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Mcp;

/// <summary>Reports an MCP server as degraded while it is unavailable or its calls fail: the service works without its tools.</summary>
internal sealed class McpHealthCheck(McpToolSource source) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Without a user, the server can't be called.
        if (source.NeedsUser)
            return HealthCheckResult.Healthy();
        try
        {
            await source.ListAsync(ToolUser.Unknown, cancellationToken);
            return source.IsFailing ? HealthCheckResult.Degraded() : HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is ToolSourceException or OperationCanceledException)
        {
            // The server may just have answered that users sign in.
            return source.NeedsUser ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded();
        }
    }
}

/// <summary>Registers a check for each server.</summary>
internal sealed class McpHealthChecks(McpServers servers) : IConfigureOptions<HealthCheckServiceOptions>
{
    // The health report waits no longer for any dependency.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public void Configure(HealthCheckServiceOptions options)
    {
        foreach (var source in servers.Sources)
            options.Registrations.Add(new HealthCheckRegistration($"mcp:{source.Name}", new McpHealthCheck(source), HealthStatus.Degraded, null, Timeout));
    }
}
