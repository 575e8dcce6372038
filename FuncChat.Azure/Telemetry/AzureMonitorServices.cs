using FuncChat.Engine.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Azure.Telemetry;

public static class AzureMonitorServices
{
    /// <summary>
    /// Sends to the Application Insights component of `APPLICATIONINSIGHTS_CONNECTION_STRING`, as the identity that
    /// `APPLICATIONINSIGHTS_AUTHENTICATION_STRING` names. Does nothing if it is not set, or can't be one, which
    /// `AddFuncChatTelemetry` reports.
    /// </summary>
    public static IServiceCollection AddAzureMonitor(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[ApplicationInsightsSetting.Name] is { } connection && ApplicationInsightsSetting.IsConnectionString(connection))
            AzureMonitor.Add(services, connection, configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
        return services;
    }
}
