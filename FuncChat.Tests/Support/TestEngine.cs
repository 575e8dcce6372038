using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Support;

/// <summary>The engine as the app composes it, with the replacements of a test, and without a host.</summary>
internal static class TestEngine
{
    /// <param name="replace">Registers what replaces the app's own services. Where it replaces nothing, there is no web to search.</param>
    /// <returns>The services, as of a request's scope.</returns>
    public static ServiceProvider Create(Action<IServiceCollection> replace)
    {
        var services = new ServiceCollection();
        var settings = new ConfigurationBuilder().Build();
        services.AddLogging().AddMetrics();
        services.AddFuncChatEngine(settings).AddEmbeddedAdapters(settings);

        // Tests move the clock by minutes while a call to the store is in progress.
        services.AddSingleton(provider => new TurnStorage(
            provider.GetRequiredService<ITurnStore>(), provider.GetRequiredService<ITurnLeases>(), provider.GetRequiredService<ITurnSignals>(),
            provider.GetRequiredService<ITurnRetention>(), provider.GetRequiredService<RequestMemory>(), TimeProvider.System));
        services.AddSingleton<IUsageStore>(new MemoryUsageStore());
        services.AddSingleton(new KnownSecrets(settings));
        services.AddSingleton(NoWeb.Search).AddSingleton(NoWeb.Reader).AddSingleton(NoWeb.Documents);
        replace(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Keeps turns in this store.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, ITurnStore store) => services
        .AddSingleton(store).AddSingleton((ITurnLeases)store).AddSingleton((ITurnSignals)store).AddSingleton((ITurnRetention)store);
}
