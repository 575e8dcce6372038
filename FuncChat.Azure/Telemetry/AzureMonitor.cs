using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using FuncChat.Azure.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Azure.Telemetry;

/// <summary>Sends to Application Insights. In a class of its own: the exporter's assemblies are loaded when this is first used.</summary>
internal static class AzureMonitor
{
    public static void Add(IServiceCollection services, string connectionString, string? authentication) =>
        services.AddOpenTelemetry().UseAzureMonitorExporter(monitor =>
        {
            monitor.ConnectionString = connectionString;
            monitor.Credential = CredentialOf(authentication);

            // Traces are sampled, to a rate that costs little. Logs are not: most of them are about errors, which must be found.
            monitor.EnableTraceBasedLogsSampler = false;
        });

    /// <summary>The identity to come as, from what Azure's own hosts read: `Authorization=AAD;ClientId=…`, without an id for the only one.</summary>
    internal static TokenCredential? CredentialOf(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToLookup(part => part[0].Trim(), part => part[1].Trim(), StringComparer.OrdinalIgnoreCase);
        if (!parts["Authorization"].Contains("AAD", StringComparer.OrdinalIgnoreCase))
            return null;
        return AppIdentity.Credential(parts["ClientId"].FirstOrDefault(clientId => clientId.Length > 0));
    }
}
