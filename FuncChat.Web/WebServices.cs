using FuncChat.Web.Catalog;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;
using FuncChat.Web.Plans;
using FuncChat.Web.Proxy;
using FuncChat.Web.Searches;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web;

public static class WebServices
{
    /// <summary>Adds the handlers of the HTTP API, which both hosts call.</summary>
    public static IServiceCollection AddFuncChatWeb(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WebOptions>().Bind(configuration.GetSection(WebOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddTransient<IStartupFilter, RequestEdgeFilter>();
        services.AddHealthChecks();
        services.AddSingleton<RequestBody>();
        services.AddSingleton<ChatRequestParser>();
        services.AddSingleton<TurnStart>();
        services.AddSingleton<ChatApi>();
        services.AddSingleton<ProxyApi>();
        services.AddSingleton<SearchApi>();
        services.AddSingleton<PlanRequestParser>();
        services.AddSingleton<PlanApi>();
        services.AddSingleton<CatalogApi>();
        services.AddSingleton<HealthApi>();
        return services;
    }
}
