using FuncChat.Tools.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Cors;

public static class CorsPipeline
{
    // The last ones are sent by OpenAI's SDKs, in a browser too. CORS has no wildcard for a prefix. SDKs set User-Agent, which Chromium drops and other browsers send.
    private static readonly string[] Headers =
    [
        "Authorization", "X-Api-Key", "api-key", "Content-Type", "If-Match", "If-None-Match", "Last-Event-ID", "Idempotency-Key", "X-AI-SDK-Version", "traceparent", "tracestate",
        "User-Agent", "Mcp-Protocol-Version", "Mcp-Session-Id", "Mcp-Method", "Mcp-Name",
        "x-stainless-arch", "x-stainless-async", "x-stainless-custom-poll-interval", "x-stainless-helper-method", "x-stainless-lang", "x-stainless-os",
        "x-stainless-package-version", "x-stainless-poll-helper", "x-stainless-raw-response", "x-stainless-read-timeout", "x-stainless-retry-count",
        "x-stainless-runtime", "x-stainless-runtime-version", "x-stainless-timeout", "OpenAI-Organization", "OpenAI-Project", "OpenAI-Beta",
    ];

    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(2);

    /// <summary>Answers preflight requests from the configured origins, in a host with middleware. In Azure the platform does it.</summary>
    public static void UseFuncChatCors(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<OriginOptions>>().Value.All.Length > 0)
            app.UseCors();
    }

    internal static IServiceCollection AddFuncChatCors(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<OriginOptions>(configuration, OriginOptions.Section);
        services.AddCors();

        // No cookies are used, so no credentials are allowed. ApiAuthorization exposes response headers, in both hosts.
        services.AddOptions<CorsOptions>().Configure<IOptions<OriginOptions>>((cors, origins) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins.Value.All)
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders(Headers)
            .SetPreflightMaxAge(PreflightAge)));
        return services;
    }
}
