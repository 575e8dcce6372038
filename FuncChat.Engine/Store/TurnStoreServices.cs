using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FuncChat.Engine.Store;

public static class TurnStoreServices
{
    /// <summary>Keeps turns in this store, instead of another one that was added before or after with <see cref="TryAddTurnStore"/>.</summary>
    public static IServiceCollection AddTurnStore<T>(this IServiceCollection services, Func<IServiceProvider, T> create)
        where T : class, ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
    {
        services.AddSingleton(create);
        foreach (var port in Ports<T>())
            services.Replace(port);
        return services;
    }

    /// <summary>Keeps turns in this store, unless there is another one.</summary>
    public static IServiceCollection TryAddTurnStore<T>(this IServiceCollection services, Func<IServiceProvider, T> create)
        where T : class, ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
    {
        services.AddSingleton(create);
        foreach (var port in Ports<T>())
            services.TryAdd(port);
        return services;
    }

    private static IEnumerable<ServiceDescriptor> Ports<T>()
        where T : class, ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe =>
    [
        ServiceDescriptor.Singleton<ITurnStore>(provider => provider.GetRequiredService<T>()),
        ServiceDescriptor.Singleton<ITurnLeases>(provider => provider.GetRequiredService<T>()),
        ServiceDescriptor.Singleton<ITurnSignals>(provider => provider.GetRequiredService<T>()),
        ServiceDescriptor.Singleton<ITurnRetention>(provider => provider.GetRequiredService<T>()),
        ServiceDescriptor.Singleton<ITurnStoreProbe>(provider => provider.GetRequiredService<T>()),
    ];
}
