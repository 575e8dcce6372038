using FuncChat.Azure.Telemetry;
using FuncChat.Web.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Telemetry;

internal static class WorkerTelemetry
{
    // The worker's own spans: one for each invocation, a child of the host's.
    private const string Invocations = "Microsoft.Azure.Functions.Worker";

    /// <summary>Exports the telemetry of this process, instead of the host (docs/decisions/0007-telemetry-of-the-worker.md).</summary>
    public static IServiceCollection AddWorkerTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (!TelemetrySettings.Of(configuration).IsOn)
            return services;
        services.Configure<WorkerOptions>(worker =>
        {
            worker.Capabilities["WorkerOpenTelemetryEnabled"] = bool.TrueString;
            worker.Capabilities["WorkerOpenTelemetrySchemaVersion"] = "1.37.0";
        });
        return services.AddFuncChatTelemetry(configuration, Invocations).AddAzureMonitor(configuration);
    }
}
