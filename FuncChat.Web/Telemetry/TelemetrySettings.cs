using FuncChat.Engine.Telemetry;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Web.Telemetry;

/// <summary>The destinations of spans, metrics and logs. The settings have the names that OpenTelemetry and Azure give them.</summary>
/// <param name="OtlpEndpoint">The endpoint of an OTLP collector; null for none.</param>
/// <param name="AzureMonitor">The connection string of an Application Insights component; null for none. `FuncChat.Azure` sends there.</param>
public sealed record TelemetrySettings(string? OtlpEndpoint, string? AzureMonitor)
{
    /// <summary>Whether telemetry is exported.</summary>
    public bool IsOn => OtlpEndpoint is not null || AzureMonitor is not null;

    public static TelemetrySettings Of(IConfiguration configuration) =>
        new(TextOf(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]), TextOf(configuration[ApplicationInsightsSetting.Name]));

    /// <summary>The error for the operator; null if the settings are valid.</summary>
    internal string? Error
    {
        get
        {
            if (OtlpEndpoint is not null && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
                return SettingMessage.Of("OTEL_EXPORTER_OTLP_ENDPOINT", "must be an absolute http or https URL", "http://localhost:4317");
            if (AzureMonitor is not null && !ApplicationInsightsSetting.IsConnectionString(AzureMonitor))
                return SettingMessage.Of(ApplicationInsightsSetting.Name, "must be a connection string", "InstrumentationKey=…;IngestionEndpoint=https://…");
            return null;
        }
    }

    private static string? TextOf(string? setting) => string.IsNullOrWhiteSpace(setting) ? null : setting;
}
