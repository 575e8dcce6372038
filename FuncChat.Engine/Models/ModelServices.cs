using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.Demo;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Models;

public static class ModelServices
{
    /// <summary>
    /// Adds the <see cref="ModelCatalog"/> of every provider that is set, or of the demo model where none is. A wrong setting stops the host
    /// at start with an <see cref="OptionsValidationException"/> that lists them all.
    /// </summary>
    public static IServiceCollection AddFuncChatModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings(configuration, ModelSettings.Read);
        services.AddKnownSettings(ModelSettings.Names);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OpenAiProviders>(provider, configuration));
        services.AddSingleton(CatalogOf);
        return services;
    }

    private static ModelCatalog CatalogOf(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IOptions<ModelSettings>>().Value;
        if (settings.Providers.Count == 0)
        {
            var demo = new DemoModel(settings.DemoWordDelay, services.GetRequiredService<TimeProvider>());
            return new ModelCatalog([new(DemoModel.Provided, demo, _ => DemoModel.Description) { IsDemo = true }], settings.DefaultModel);
        }

        var openAi = services.GetRequiredService<OpenAiProviders>();
        return new ModelCatalog([.. settings.Providers.Select(openAi.Connect)], settings.DefaultModel);
    }
}
