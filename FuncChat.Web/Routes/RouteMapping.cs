using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FuncChat.Web.Routes;

public static class RouteMapping
{
    // Set by UseAuthentication, and read when the application starts.
    private const string AuthenticationIsSet = "__AuthenticationMiddlewareSet";

    /// <summary>Maps the HTTP API for a host that routes by ASP.NET Core. The Functions host has triggers instead.</summary>
    public static void MapFuncChat(this IEndpointRouteBuilder routes)
    {
        foreach (var route in ApiRoutes.All)
            routes.MapMethods($"/api/{route.Path}", route.Methods, Run(http => route.RunAsync(http)));
        foreach (var unknown in (string[])["/api/{**rest}", "/v1/{**rest}", "/chat/completions", "/responses"])
            routes.MapFallback(unknown, Run(ApiRoutes.AnswerUnknownAsync));

        // Authenticator identifies the caller, in both hosts. An application with authentication among its services adds ASP.NET Core's middleware for it
        // otherwise, which would check each credential once more.
        if (routes is IApplicationBuilder app)
            app.Properties[AuthenticationIsSet] = true;

        // Without a RequestDelegate, ASP.NET Core would generate and compile code for each route when the application starts.
        static RequestDelegate Run(Func<HttpContext, Task<IResult>> handler) => async http =>
        {
            var result = await handler(http);
            await result.ExecuteAsync(http);
        };
    }
}
