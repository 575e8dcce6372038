using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Cors;

public static class CorsPipeline
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(2);

    /// <summary>Answers preflights and allows the configured origins, for a host with a pipeline. In Azure the platform does so.</summary>
    public static void UseFuncChatCors(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<OriginOptions>>().Value.All.Length > 0)
            app.UseCors();
    }

    internal static IServiceCollection AddFuncChatCors(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OriginOptions>()
            .Bind(configuration.GetSection(OriginOptions.Section))
            .Validate(origins => origins.AreExact, OriginOptions.Wrong)
            .ValidateOnStart();
        services.AddCors();

        // No cookies are used, so no credentials are allowed. The gate exposes the answers' headers, in both hosts.
        services.AddOptions<CorsOptions>().Configure<IOptions<OriginOptions>>((cors, origins) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins.Value.All)
            .WithMethods("GET", "POST", "DELETE")
            .WithHeaders("Authorization", "X-Api-Key", "Content-Type", "Last-Event-ID", "traceparent", "tracestate")
            .SetPreflightMaxAge(PreflightAge)));
        return services;
    }
}
