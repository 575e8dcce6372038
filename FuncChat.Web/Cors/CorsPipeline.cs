using FuncChat.Tools.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FuncChat.Web.Cors;

public static class CorsPipeline
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(2);

    /// <summary>Answers preflight requests from the configured origins, in a host with middleware. In Azure the platform does it.</summary>
    public static void UseFuncChatCors(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<OriginOptions>>().Value.All.Length == 0)
            return;

        // The names of headers are sent back, and Kestrel fails on other characters.
        app.Use((http, next) =>
        {
            if (http.Request.Headers.AccessControlRequestHeaders.ToString().AsSpan().ContainsAnyExceptInRange(' ', '~'))
                http.Request.Headers.Remove(HeaderNames.AccessControlRequestHeaders);
            return next(http);
        });
        app.UseCors();
    }

    internal static IServiceCollection AddFuncChatCors(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<OriginOptions>(configuration, OriginOptions.Section);
        services.AddCors();

        // No cookies are used, so no credentials are allowed. SDKs, tracers and gateways add headers of their own, and the operator trusts the origins. ApiAuthorization
        // exposes response headers, in both hosts.
        services.AddOptions<CorsOptions>().Configure<IOptions<OriginOptions>>((cors, origins) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins.Value.All)
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
            .AllowAnyHeader()
            .SetPreflightMaxAge(PreflightAge)));
        return services;
    }
}
