using FuncChat.Engine.Background;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Turns;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Threads;

internal static class ThreadServices
{
    public static IServiceCollection AddThreads(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ThreadOptions>(configuration, ThreadOptions.Section);
        services.AddSingleton<IValidateOptions<ThreadOptions>>(provider => new TitleModelCheck(provider.GetRequiredService<ModelCatalog>));
        services.AddSingleton<ThreadStorage>();
        services.AddSingleton<ConversationReader>();
        services.AddSingleton<ThreadLimits>();
        services.AddSingleton<ThreadTitleWriter>();
        services.AddSingleton<ThreadSettlement>();
        services.AddSingleton<ITurnObserver>(provider => provider.GetRequiredService<ThreadSettlement>());
        services.AddScoped(provider => new ThreadTurns(
            provider.GetRequiredService<ThreadStorage>(), provider.GetRequiredService<ThreadSettlement>(), provider.GetRequiredService<ThreadLimits>(),
            provider.GetRequiredService<ConversationReader>(), provider.GetRequiredService<TurnService>(), provider.GetRequiredService<TurnRemoval>(), provider.GetRequiredService<TurnRuntime>(), provider.GetRequiredService<IBackgroundTurns>(),
            provider.GetRequiredService<RequestMemory>(), provider.GetRequiredService<IOptions<ThreadOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ThreadShares(
            provider.GetRequiredService<ThreadStorage>(), provider.GetRequiredService<ThreadSettlement>(), provider.GetRequiredService<FileService>(),
            provider.GetRequiredService<RequestMemory>(), provider.GetRequiredService<IOptions<ThreadOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITurnRecords, TurnRecords>();
        services.AddSingleton<TurnRemoval>();
        services.AddSingleton<ThreadRemoval>();
        services.AddScoped(provider => new ThreadService(
            provider.GetRequiredService<ThreadStorage>(), provider.GetRequiredService<ThreadSettlement>(), provider.GetRequiredService<ThreadLimits>(),
            provider.GetRequiredService<ThreadRemoval>(), provider.GetRequiredService<TurnRuntime>(), provider.GetRequiredService<TurnService>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ThreadService>>()));
        services.AddHostedService<ThreadUpkeep>();
        return services;
    }
}
