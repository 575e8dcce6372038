using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FuncChat.Web.Routes;

public static class RouteMapping
{
    /// <summary>Maps the HTTP API for a host that routes by ASP.NET Core. The Functions host has triggers instead.</summary>
    public static void MapFuncChat(this IEndpointRouteBuilder routes)
    {
        foreach (var route in ApiRoutes.All)
            routes.MapMethods($"/api/{route.Path}", route.Methods, Run(http => route.RunAsync(http)));
        routes.MapFallback("/api/{**rest}", Run(ApiRoutes.AnswerUnknownAsync));

        // As a delegate, not a RequestDelegate, which would drop the result.
        static Delegate Run(Func<HttpContext, Task<IResult>> handler) => handler;
    }
}
