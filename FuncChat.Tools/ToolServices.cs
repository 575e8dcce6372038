using FuncChat.Tools.Configuration;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.JavaScript;
using FuncChat.Tools.Mcp;
using FuncChat.Tools.OpenApi;
using FuncChat.Tools.Research;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools;

public static class ToolServices
{
    /// <summary>Adds every tool of this project, and the catalog of all that is registered as <see cref="Tool"/> or <see cref="IToolSource"/>.</summary>
    /// <param name="startProcesses">Whether MCP servers that are processes are started, as a program on a developer's own machine may.</param>
    public static IServiceCollection AddFuncChatTools(this IServiceCollection services, IConfiguration configuration, bool startProcesses = false)
    {
        services.AddSingleton(provider => new KnownSecrets(provider.GetRequiredService<McpConfiguration>().Combined));
        services.TryAddSingleton(TimeProvider.System);
        services.AddGuardedHttp(configuration);
        services.AddWebSearch(configuration);
        services.AddPageReading();
        services.AddJavaScriptTool(configuration);
        services.AddResearch();
        services.AddMcpServers(configuration, startProcesses);
        services.AddOpenApiTools(configuration);
        services.AddSingleton<IConfigureOptions<HealthCheckServiceOptions>, ToolSourceHealthChecks>();
        services.AddSingleton(provider => new BuiltInTools(provider.GetServices<Tool>()));
        services.AddSingleton(provider => new ToolCatalog(
            provider.GetRequiredService<BuiltInTools>(),
            [
                .. provider.GetRequiredService<McpServers>().Sources, .. provider.GetRequiredService<OpenApiSources>().All, .. provider.GetServices<IToolSource>(),
            ]));
        return services;
    }
}
