using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Telemetry;

public static class TelemetryServices
{
    /// <summary>
    /// Sends traces, metrics and logs where `OTEL_EXPORTER_OTLP_ENDPOINT` is set, and makes them ready for Azure Monitor, which `AddAzureMonitor` of
    /// FuncChat.Azure adds. Where neither is set nothing is added, and no assembly of OpenTelemetry is loaded.
    /// </summary>
    /// <param name="invocations">The activity source of a host that has spans of its own for requests; null where ASP.NET Core makes them.</param>
    public static IServiceCollection AddFuncChatTelemetry(this IServiceCollection services, IConfiguration configuration, string? invocations = null)
    {
        var settings = TelemetrySettings.Of(configuration);
        if (!settings.IsOn)
            return services;
        if (settings.Error is not { } error)
            return OpenTelemetryExport.Add(services, settings, invocations);

        // Reported at start, together with all other problems.
        services.AddOptions<TelemetryError>().Validate(_ => false, error).ValidateOnStart();
        return services;
    }

    private sealed class TelemetryError;
}
