using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace FuncChat.Web.Http;

/// <summary>Puts the <see cref="RequestEdge"/> before all else that a host has: a host that runs ASP.NET Core asks for such filters by itself.</summary>
internal sealed class RequestEdgeFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<RequestEdge>();
        next(app);
    };
}
