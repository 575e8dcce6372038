using FuncChat.Tools.Configuration;
using FuncChat.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.OpenApi;

internal static class OpenApiServices
{
    /// <summary>Adds the APIs of `FuncChat__OpenApi__…` as sources of tools.</summary>
    public static IServiceCollection AddOpenApiTools(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddKnownSettings(OpenApiServerReader.Known);
        services.AddSettings(configuration, (provider, reader) => OpenApiServerReader.Read(reader, provider.GetRequiredService<McpConfiguration>().HasServer));
        services.AddSingleton(provider => new OpenApiSources(
            provider.GetRequiredService<IOptions<OpenApiSettings>>(), configuration, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OpenApiSource>>()));
        return services;
    }
}
