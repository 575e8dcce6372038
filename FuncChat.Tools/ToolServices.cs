using FuncChat.Tools.JavaScript;
using FuncChat.Tools.Research;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;
using FuncChat.Tools.Fetch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tools;

public static class ToolServices
{
    /// <summary>Adds every tool of this project, and the catalog of all that is registered as <see cref="Tool"/> or <see cref="IToolSource"/>.</summary>
    public static IServiceCollection AddFuncChatTools(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddGuardedHttp(configuration);
        services.AddWebSearch(configuration);
        services.AddPageReading();
        services.AddJavaScriptTool(configuration);
        services.AddResearch();
        services.AddSingleton(provider => new BuiltInTools(provider.GetServices<Tool>()));
        services.AddSingleton(provider => new ToolCatalog(provider.GetRequiredService<BuiltInTools>(), provider.GetServices<IToolSource>()));
        return services;
    }
}
