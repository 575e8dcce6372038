using FuncChat.Tools.Mcp;
using FuncChat.Tools.OpenApi;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools;

/// <summary>Reports a source of tools as degraded while it is unavailable or its calls fail: the service works without its tools.</summary>
internal sealed class ToolSourceHealthCheck(IToolSource source) : IHealthCheck
{
    /// <summary>The health report waits no longer for any dependency.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    // Without a user, such a server can't be called.
    private bool NeedsUser => source is McpToolSource { NeedsUser: true };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (NeedsUser)
            return HealthCheckResult.Healthy();
        try
        {
            await source.ListAsync(ToolUser.Unknown, cancellationToken);
            return source is McpToolSource { IsFailing: true } ? HealthCheckResult.Degraded() : HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is ToolSourceException or OperationCanceledException)
        {
            // The server may just have answered that users sign in.
            return NeedsUser ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded();
        }
    }
}

/// <summary>Registers a check for each MCP server and each API.</summary>
internal sealed class ToolSourceHealthChecks(McpServers servers, OpenApiSources apis) : IConfigureOptions<HealthCheckServiceOptions>
{
    public void Configure(HealthCheckServiceOptions options)
    {
        foreach (var source in servers.Sources)
            Add($"mcp:{source.Name}", source);
        foreach (var source in apis.All)
            Add($"openapi:{source.Name}", source);

        void Add(string name, IToolSource source) =>
            options.Registrations.Add(new HealthCheckRegistration(name, new ToolSourceHealthCheck(source), HealthStatus.Degraded, null, ToolSourceHealthCheck.Timeout));
    }
}
