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
        services.AddOptions<FetchOptions>()
            .Configure(options => options.AllowedPrivateHosts = ReadList(
                configuration.GetSection($"{FetchOptions.Section}:{nameof(FetchOptions.AllowedPrivateHosts)}")))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INetwork, SystemNetwork>();
        services.AddKeyedSingleton(GuardedHttp.Pages, (provider, _) => new GuardedHttp(new GuardedConnector(
            provider.GetRequiredService<INetwork>(),
            provider.GetRequiredService<IOptions<FetchOptions>>().Value.ParseAllowedPrivateHosts())));
        return services;
    }

    // The binder takes a list from numbered keys only; one environment variable with commas is what people write.
    private static string[] ReadList(IConfigurationSection section) =>
    [
        .. section.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        .. section.GetChildren().Select(child => child.Value?.Trim()).OfType<string>(),
    ];
}
