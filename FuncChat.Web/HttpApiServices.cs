using FuncChat.Tools.Configuration;
using FuncChat.Web.AgUi;
using FuncChat.Web.Approvals;
using FuncChat.Web.Auth;
using FuncChat.Web.Catalog;
using FuncChat.Web.Chat;
using FuncChat.Web.Configuration;
using FuncChat.Web.Cors;
using FuncChat.Web.Files;
using FuncChat.Web.Formats;
using FuncChat.Web.Http;
using FuncChat.Web.Mcp;
using FuncChat.Web.OpenAi;
using FuncChat.Web.Plans;
using FuncChat.Web.Proxy;
using FuncChat.Web.Responses;
using FuncChat.Web.Searches;
using FuncChat.Web.Telemetry;
using FuncChat.Web.Threads;
using FuncChat.Web.Turns;
using FuncChat.Web.UiChat;
using FuncChat.Web.Usage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Web;

public static class HttpApiServices
{
    /// <summary>Adds the handlers of the HTTP API, which both hosts call.</summary>
    public static IServiceCollection AddFuncChatWeb(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<HttpApiOptions>(configuration, HttpApiOptions.Section);
        services.AddUnknownSettingsCheck(configuration);
        services.AddHostedService<MisspelledSettingWarning>();
        services.AddHostedService<IneffectiveSettingWarning>();

        // Hosts and adapters read these before services are built.
        services.AddKnownSettings(
            "FuncChat__ServePage", "KEY_VAULT_URI", "AZURE_CLIENT_ID", "AllowedHosts", "AzureFunctionsJobHost__functionTimeout", "OTEL_EXPORTER_OTLP_ENDPOINT",
            "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING");

        // RequestBody refuses what is larger than MaxBodyBytes. Kestrel then reads the rest, up to this limit and for 5 seconds.
        services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<HttpApiOptions>>((kestrel, api) =>
            {
                kestrel.Limits.MaxRequestBodySize = api.Value.MaxBodyBytes + RefusedBody.MostBytes;
                kestrel.RequestHeaderEncodingSelector = DecimalDigits.Of;
            });
        services.AddSingleton(CallerTrace.Ignored);
        services.AddSingleton<UncaughtExceptions>();
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, RequestEdgeFilter>());
        services.AddHealthChecks();
        services.AddApiAuthorization(configuration);
        services.AddFuncChatCors(configuration);
        services.AddSingleton<RequestBody>();
        services.AddSingleton<RefusedBody>();
        services.AddSingleton<FileBody>();
        services.AddSingleton<FileCheck>();
        services.AddSingleton<FilesApi>();
        services.AddSingleton<ChatRequestParser>();
        services.AddWireFormats();
        services.AddScoped<TurnStarter>();
        services.AddScoped<TurnApi>();
        services.AddSingleton<CallerRights>();
        services.AddScoped<RequestAnswers>();
        services.AddScoped<SignalApi>();
        services.AddScoped<ThreadApi>();
        services.AddScoped<ThreadTurnApi>();
        services.AddSingleton<ThreadShareApi>();
        services.AddSingleton<SharedThreadLimit>();
        services.AddSingleton<SharedThreadApi>();
        services.AddScoped<ChatApi>();
        services.AddScoped<ProxyApi>();
        services.AddSingleton<CompletionRequestParser>();
        services.AddScoped<ChatCompletionsApi>();
        services.AddSingleton<ChatTurnBuilder>();
        services.AddScoped<ClientChats>();
        services.AddSingleton<UiChatRequestParser>();
        services.AddScoped<UiChatApi>();
        services.AddSingleton<AgUiRequestParser>();
        services.AddScoped<AgUiApi>();
        services.AddSingleton<OpenAiModelsApi>();
        services.AddResponses();
        services.AddScoped<SearchApi>();
        services.AddSingleton<PlanRequestParser>();
        services.AddScoped<PlanApi>();
        services.AddMcpEndpoint();
        services.AddSingleton<CatalogApi>();
        services.AddSingleton<HealthApi>();
        services.AddSingleton<UsageApi>();
        services.AddSingleton<AllUsageApi>();
        services.AddSingleton<ApprovalsApi>();
        services.AddSingleton<ConfigApi>();
        return services;
    }
}
