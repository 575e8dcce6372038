using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.OpenApi;

/// <summary>The configured HTTP APIs, each a source of tools.</summary>
internal sealed class OpenApiSources(IOptions<OpenApiSettings> settings, IConfiguration configuration, TimeProvider time, ILogger<OpenApiSource> logger) : IDisposable
{
    public IReadOnlyList<OpenApiSource> All { get; } = [.. settings.Value.Servers.Select(server => new OpenApiSource(server, configuration, time, logger))];

    public void Dispose()
    {
        foreach (var source in All)
            source.Dispose();
    }
}

internal static class OpenApiServices
{
    /// <summary>Adds the APIs of `FuncChat__OpenApi__…` as sources of tools.</summary>
    public static IServiceCollection AddOpenApiTools(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddKnownSettings(OpenApiServerReader.Known);
        services.AddSettings(configuration, reader => OpenApiServerReader.Read(reader, configuration));
        services.AddSingleton(provider => new OpenApiSources(
            provider.GetRequiredService<IOptions<OpenApiSettings>>(), configuration, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OpenApiSource>>()));
        services.AddSingleton<IConfigureOptions<HealthCheckServiceOptions>, OpenApiHealthChecks>();
        return services;
    }
}
