using FuncChat.Engine.Usage;
using FuncChat.Tools.Configuration;
using FuncChat.Web.Limits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

internal static class AuthServices
{
    /// <summary>Adds authentication, authorization and the limits of each user: everything that <see cref="ApiAuthorization"/> needs.</summary>
    public static IServiceCollection AddApiAuthorization(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings(configuration, reader => new AuthSettingsReader(reader).Read());
        services.AddKnownSettings(AuthSettingsReader.Names);

        // A server for its own machine alone has one user, who owns it.
        services.AddOptions<QuotaOptions>().PostConfigure<IOptions<AuthSettings>>((limits, auth) =>
        {
            if (auth.Value.LoopbackOnly)
                limits.Lift();
        });
        services.AddOptions<BudgetOptions>().PostConfigure<IOptions<AuthSettings>>((budgets, auth) =>
        {
            if (auth.Value.LoopbackOnly)
                budgets.LetEveryoneAdminister();
        });

        // Not AddAuthentication, which also adds data protection, and with it a folder of keys that nothing here uses.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        services.AddTransient<JwtBearerHandler>();
        services.AddSingleton<JwtBearerSetup>();
        services.AddSingleton<IConfigureOptions<AuthenticationOptions>>(provider => provider.GetRequiredService<JwtBearerSetup>());
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>>(provider => provider.GetRequiredService<JwtBearerSetup>());
        services.AddSingleton<Authenticator>();
        services.AddSingleton<UserQuota>();
        services.AddSingleton(provider => new LoopbackOnlyPolicy(provider.GetRequiredService<IOptions<AuthSettings>>()));
        services.AddSingleton<ApiAuthorization>();
        services.AddHostedService<InsecureSetupWarning>();
        return services;
    }
}
