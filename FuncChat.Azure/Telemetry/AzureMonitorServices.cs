using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Azure.Telemetry;

public static class AzureMonitorServices
{
    /// <summary>
    /// Sends to the Application Insights component of `APPLICATIONINSIGHTS_CONNECTION_STRING`, as the identity that
    /// `APPLICATIONINSIGHTS_AUTHENTICATION_STRING` names. Does nothing where it is not set, or can't be one: `AddFuncChatTelemetry`, which says what is
    /// sent, says so.
    /// </summary>
    public static IServiceCollection AddAzureMonitor(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { } connection && connection.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase))
            AzureMonitor.Add(services, connection, configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
        return services;
    }
}
