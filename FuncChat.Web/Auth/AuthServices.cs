using FuncChat.Web.Limits;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

internal static class AuthServices
{
    /// <summary>Adds the <see cref="ApiGate"/>, and the settings and limits that it goes by.</summary>
    public static IServiceCollection AddApiGate(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IOptionsFactory<AuthSettings>>(new AuthSettingsFactory(configuration));
        services.AddOptions<AuthSettings>().ValidateOnStart();
        services.AddOptions<QuotaOptions>().Bind(configuration.GetSection(QuotaOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TokenCheck>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Authentication>();
        services.AddSingleton<UserQuota>();
        services.AddSingleton(provider => new LoopbackRule(provider.GetRequiredService<IOptions<AuthSettings>>()));
        services.AddSingleton(provider => new ApiGate(
            provider.GetRequiredService<Authentication>(), provider.GetRequiredService<UserQuota>(), provider.GetRequiredService<ILogger<ApiGate>>()));
        services.AddHostedService<AccessNotice>();
        return services;
    }
}
