using FuncChat.Engine;
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
        services.AddSingleton(NoWeb.Search).AddSingleton(NoWeb.Reader);
        replace(services);
        return services.BuildServiceProvider();
    }
}
