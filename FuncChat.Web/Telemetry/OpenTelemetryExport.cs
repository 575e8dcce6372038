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

/// <summary>The sources that OpenTelemetry listens to. A class of its own, since its first use loads OpenTelemetry's assemblies.</summary>
internal static class OpenTelemetryExport
{
    private const string ServiceName = "funcchat";

    public static IServiceCollection Add(IServiceCollection services, TelemetrySettings settings, string? invocations)
    {
        // The default one would read a stranger's traceparent again, which the server ignores (CallerTrace).
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());

        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, and win.
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
            tracing.AddAspNetCoreInstrumentation(requests => requests.Filter = IsNoProbe);
        tracing.AddHttpClientInstrumentation(calls =>
        {
            calls.FilterHttpRequestMessage = IsAskedFor;
            calls.EnrichWithHttpRequestMessage = NameTheServerAlone;
        });
    }

    // No metrics of HTTP calls that leave: tools call any host that a model names, and each would be a time series.
    private static void Measure(MeterProviderBuilder metrics) =>
        metrics.AddMeter(EngineTelemetry.Name, "System.Runtime").AddAspNetCoreInstrumentation();

    // Probes come time and again, and say nothing.
    private static bool IsNoProbe(HttpContext http) => !http.Request.Path.StartsWithSegments("/api/health", StringComparison.OrdinalIgnoreCase);

    // What no request and no tool run asks for (a lease's renewal, a look for a stop, counts that are written) comes every few seconds.
    private static bool IsAskedFor(HttpRequestMessage request) => Activity.Current?.ParentId is not null;

    // Paths and queries may say who asks, and for what. Tools' own calls have no spans at all (GuardedHttp).
    private static void NameTheServerAlone(Activity span, HttpRequestMessage request) =>
        span.SetTag("url.full", request.RequestUri?.GetLeftPart(UriPartial.Authority));
}
