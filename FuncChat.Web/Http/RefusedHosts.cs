using FuncChat.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Http;

/// <summary>Answers requests for a host name that `AllowedHosts` lacks with the API's error instead of the framework's page.</summary>
public static class RefusedHosts
{
    private static AppError NotAllowed { get; } = new(
        ErrorCode.InvalidRequest, "This server does not answer to the host name in the Host header. Add the name to the setting AllowedHosts, such as localhost;chat.example.com.");

    /// <summary>Adds the error, for a host that filters host names. Call it before <see cref="FuncChatServices.AddFuncChat"/>, whose middleware precedes it.</summary>
    public static IServiceCollection AddRefusedHosts(this IServiceCollection services)
    {
        services.Configure<HostFilteringOptions>(options => options.IncludeFailureMessage = false);
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, Filter>());
        return services;
    }

    private sealed class Filter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, rest) =>
            {
                await rest(http);

                // All other responses with this status have a body.
                if (http.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false, ContentType: null })
                    await new ProblemResult(NotAllowed).ExecuteAsync(http);
            });
            next(app);
        };
    }
}
