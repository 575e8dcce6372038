using System.Diagnostics;
using FuncChat.Engine.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FuncChat.Web.Telemetry;

/// <summary>Configures what OpenTelemetry exports. It is a separate class because its first use loads OpenTelemetry's assemblies.</summary>
internal static class OpenTelemetryExport
{
    private const string ServiceName = "funcchat";

    public static IServiceCollection Add(IServiceCollection services, TelemetrySettings settings, string? invocations)
    {
        // The default one also reads a caller's traceparent, which the server ignores (CallerTrace).
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());

        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are read last, so they take precedence.
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(ServiceName, serviceVersion: typeof(OpenTelemetryExport).Assembly.GetName().Version?.ToString())
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing => Trace(tracing, invocations))
            .WithMetrics(Measure)
            .WithLogging(null, logs => logs.IncludeFormattedMessage = true);
        if (settings.OtlpEndpoint is not null)
            telemetry.UseOtlpExporter();
        return services;
    }

    private static void Trace(TracerProviderBuilder tracing, string? invocations)
    {
        tracing.AddSource(EngineTelemetry.Name);
        if (invocations is not null)
            tracing.AddSource(invocations);
        else
            tracing.AddAspNetCoreInstrumentation(requests => (requests.Filter, requests.EnrichWithHttpRequest) = (IsNotProbe, HideLink));
        tracing.AddHttpClientInstrumentation(calls =>
        {
            calls.FilterHttpRequestMessage = IsPartOfWork;
            calls.EnrichWithHttpRequestMessage = KeepOriginOnly;
        });
    }

    // No metrics of outgoing HTTP calls: tools call any host that a model names, and each would be a time series.
    private static void Measure(MeterProviderBuilder metrics) =>
        metrics.AddMeter(EngineTelemetry.Name, "System.Runtime").AddAspNetCoreInstrumentation();

    // Health probes are frequent, and their spans are of no use.
    private static bool IsNotProbe(HttpContext http) => !http.Request.Path.StartsWithSegments("/api/health", StringComparison.OrdinalIgnoreCase);

    // All who know the id of a shared thread may read it.
    private static void HideLink(Activity span, HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/api/shared", StringComparison.OrdinalIgnoreCase))
            span.SetTag("url.path", "/api/shared/REDACTED");
    }

    // Background work, such as the renewal of a lease or a check for a stop, calls every few seconds, outside of any request or tool run.
    private static bool IsPartOfWork(HttpRequestMessage request) => Activity.Current?.ParentId is not null;

    // Paths and queries may contain users' data. The calls of tools have no spans (GuardedHttp).
    private static void KeepOriginOnly(Activity span, HttpRequestMessage request) =>
        span.SetTag("url.full", request.RequestUri?.GetLeftPart(UriPartial.Authority));
}
