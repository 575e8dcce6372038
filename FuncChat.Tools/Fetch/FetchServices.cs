using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Fetch;

internal static class FetchServices
{
    /// <summary>Adds the guarded client that reads pages.</summary>
    public static IServiceCollection AddGuardedHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<FetchOptions>(configuration, FetchOptions.Section);
        services.TryAddSingleton<INetwork, SystemNetwork>();
        services.AddKeyedSingleton(GuardedHttp.Pages, (provider, _) => new GuardedHttp(new GuardedConnector(
            provider.GetRequiredService<INetwork>(),
            provider.GetRequiredService<IOptions<FetchOptions>>().Value.ParseAllowedPrivateHosts())));
        return services;
    }
}
