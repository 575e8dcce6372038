using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace FuncChat.Web.Http;

/// <summary>Puts the <see cref="RequestEdge"/> before all other middleware, in every host that runs ASP.NET Core.</summary>
internal sealed class RequestEdgeFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<RequestEdge>();
        next(app);
    };
}
