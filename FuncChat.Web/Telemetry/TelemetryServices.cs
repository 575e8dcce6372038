using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Telemetry;

public static class TelemetryServices
{
    /// <summary>
    /// Exports traces, metrics and logs to the endpoint in `OTEL_EXPORTER_OTLP_ENDPOINT`, and prepares them for Azure Monitor, which `AddAzureMonitor` of
    /// FuncChat.Azure adds. If neither is configured, nothing is added, and no assembly of OpenTelemetry is loaded.
    /// </summary>
    /// <param name="invocations">The activity source of a host that creates the spans of requests itself; null if ASP.NET Core creates them.</param>
    public static IServiceCollection AddFuncChatTelemetry(this IServiceCollection services, IConfiguration configuration, string? invocations = null)
    {
        var settings = TelemetrySettings.Of(configuration);
        if (!settings.IsOn)
            return services;
        if (settings.Error is not { } error)
            return OpenTelemetryExport.Add(services, settings, invocations);

        // Reported at start, with all other errors in settings.
        services.AddOptions<TelemetryError>().Validate(_ => false, error).ValidateOnStart();
        return services;
    }

    private sealed class TelemetryError;
}
