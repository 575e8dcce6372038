using FuncChat.Engine.Models.Anthropic;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.ChatClients;
using FuncChat.Engine.Models.Demo;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.OpenAi;
using FuncChat.Engine.Models.Responses;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Models;

public static partial class ModelServices
{
    /// <summary>
    /// Adds the <see cref="ModelCatalog"/> of every provider that is set, or of the demo model where none is. A wrong setting stops the host
    /// at start with an <see cref="OptionsValidationException"/> that lists them all.
    /// </summary>
    public static IServiceCollection AddFuncChatModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings(
            configuration, (provider, reader) => ModelSettings.Read(reader, [.. provider.GetServices<IModelProviderType>().Select(type => type.Info)]));
        services.AddKnownSettings(ModelSettings.Names);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HttpProviders>(provider, configuration));
        services.AddModelProviderType<OpenAiProviderType>();
        services.AddModelProviderType<ResponsesProviderType>();
        services.AddModelProviderType<AnthropicProviderType>();
        services.AddModelProviderType<DemoProviderType>();
        services.AddSingleton(CatalogOf);
        return services;
    }

    /// <summary>Adds a type of provider, which `FuncChat__Providers__name__Type` then selects.</summary>
    public static IServiceCollection AddModelProviderType<T>(this IServiceCollection services)
        where T : class, IModelProviderType => services.AddSingleton<IModelProviderType, T>();

    /// <summary>Adds a type of provider that is called through an <see cref="IChatClient"/> of Microsoft.Extensions.AI.</summary>
    /// <param name="type">The value of `FuncChat__Providers__name__Type` that selects it.</param>
    /// <param name="create">Creates the client of a provider from its settings. It must not run tools or retry: the turn does both.</param>
    public static IServiceCollection AddChatClientType(
        this IServiceCollection services, string type, Func<IServiceProvider, ProviderSettings, IChatClient> create) =>
        services.AddSingleton<IModelProviderType>(provider =>
            new ChatClientProviderType(
                type, settings => create(provider, settings), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ChatClientModel>>()));

    private static ModelCatalog CatalogOf(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IOptions<ModelSettings>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        if (settings.Providers.Count == 0)
        {
            var demo = new DemoModel(settings.DemoWordDelay, time);
            return new ModelCatalog([new(DemoModel.Provided, demo, _ => DemoModel.Description) { IsDemo = true }], settings.DefaultModel, time);
        }

        // The last registration of a name wins, so that a host can replace a type.
        var types = services.GetServices<IModelProviderType>().ToLookup(type => type.Info.Name, StringComparer.Ordinal);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<ModelCatalog>();
        return new ModelCatalog([.. settings.Providers.Select(provider => Connect(provider, types[provider.Type].Last(), logger))], settings.DefaultModel, time);
    }

    private static ModelProvider Connect(ProviderSettings settings, IModelProviderType type, ILogger logger)
    {
        var name = settings.Models.Provider;
        if (settings.ModelsAreAssumed)
            LogModelsAssumed(logger, name, settings.Url!.Authority, settings.ModelsSetting);
        var connection = type.Connect(settings);
        var isDemo = type is DemoProviderType;
        return new(settings.Models, connection.Model, model => isDemo ? DemoModel.Description : $"{model}, from {name}")
        {
            IsDemo = isDemo,
            Address = connection.Address,
            Capabilities = connection.Capabilities with { ContextLength = settings.ContextLength },
            ListModels = settings.Models.TakesAny ? connection.ListModels : null,
        };
    }

    [LoggerMessage(2011, LogLevel.Warning,
        "Provider {Provider} is at {Host} and {Setting} is not set: until that server reports its models, the well-known names are listed.")]
    private static partial void LogModelsAssumed(ILogger logger, string provider, string host, string setting);
}
