using FuncChat.Web.Auth;
using FuncChat.Web.Catalog;
using FuncChat.Web.Chat;
using FuncChat.Web.OpenApi;
using FuncChat.Web.Plans;
using FuncChat.Web.Proxy;
using FuncChat.Web.Searches;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web;

public static class Routes
{
    /// <summary>Maps the HTTP API for a host that routes by ASP.NET Core. The Functions host has a trigger for each of these instead.</summary>
    public static void MapFuncChat(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/api");
        open.MapGet("/health", (HealthApi health, CancellationToken cancellationToken) => health.CheckAsync(cancellationToken));
        open.MapGet("/config", (ConfigApi config) => config.Config());
        open.MapGet("/openapi.json", () => OpenApiDocument.Result);

        var api = routes.MapGroup("/api").AddEndpointFilter(AuthorizeAsync);
        api.MapPost("/chat", (HttpContext http, ChatApi chat) => chat.StartAsync(http));
        api.MapGet("/chat/{turnId}", (HttpContext http, string turnId, ChatApi chat) => chat.FollowAsync(http, turnId));
        api.MapDelete("/chat/{turnId}", (HttpContext http, string turnId, ChatApi chat) => chat.StopAsync(http, turnId));
        api.MapPost("/proxy", (HttpContext http, ProxyApi proxy) => proxy.CompleteAsync(http));
        api.MapPost("/search", (HttpContext http, SearchApi search) => search.StartAsync(http));
        api.MapPost("/planning", (HttpContext http, PlanApi plans) => plans.StartAsync(http));
        api.MapGet("/models", (CatalogApi catalog) => catalog.Models());
        api.MapGet("/tools", (HttpContext http, CatalogApi catalog) => catalog.ToolsAsync(http));
        api.MapFallback("{**rest}", () => UnknownRoute.Result);
    }

    private static async ValueTask<object?> AuthorizeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var authorization = context.HttpContext.RequestServices.GetRequiredService<ApiAuthorizationFilter>();
        return await authorization.RunAsync(context.HttpContext, async () => (IResult)(await next(context))!);
    }
}
