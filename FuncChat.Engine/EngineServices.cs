using System.Diagnostics.Metrics;
using FuncChat.Engine.Approvals;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models;
using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;
using FuncChat.Engine.Secrets;
using FuncChat.Engine.Background;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Threads;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tools.Configuration;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine;

public static class EngineServices
{
    // Less than the caller would wait.
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Adds models and turns. The host adds a store (<see cref="TurnStoreServices"/>) and an <see cref="IToolRunner"/>, which may belong to a request's scope.</summary>
    public static IServiceCollection AddFuncChatEngine(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddFuncChatModels(configuration);
        services.AddSettings<TurnOptions>(configuration, TurnOptions.Section);
        services.AddSettings<ApprovalOptions>(configuration, ApprovalOptions.Section);
        services.AddKnownSettings("FuncChat__DataPath", TelemetryOptions.CapturesContentKey);
        services.AddSettings(configuration, reader => new TelemetryOptions { CapturesContent = reader.Flag(TelemetryOptions.CapturesContentKey) });
        services.AddSingleton(provider => new EngineTelemetry(
            provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<IOptions<TelemetryOptions>>().Value.CapturesContent));
        services.AddSingleton(provider => new TurnKinds(provider.GetServices<TurnKindRegistration>()));
        services.AddTurnKind<ChatTurnKind, ChatTurnRequest>("chat");
        services.AddTurnKind<SearchTurnKind, SearchTurnRequest>("search");
        services.AddTurnKind<PlanTurnKind, PlanTurnRequest>("plan");
        services.AddSettings<QuotaOptions>(configuration, QuotaOptions.Section);
        services.AddSettings<BudgetOptions>(configuration, BudgetOptions.Section);
        services.AddSettings(configuration, reader => new PriceReader(reader).Read());
        services.AddKnownSettings(PriceReader.Names);
        services.AddUsage();
        services.AddSingleton<ToolArguments>();
        services.AddSingleton<ApprovalPolicy>();
        services.AddSingleton<TurnStorage>();
        services.AddThreads(configuration);
        services.AddApprovalQueue();
        services.AddFiles(configuration);
        services.AddSingleton<RequestMemory>();
        services.AddSingleton<TurnRuntime>();
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "storage", provider => ActivatorUtilities.CreateInstance<TurnStoreHealthCheck>(provider), null, null, HealthTimeout));
        services.AddSingleton(provider => new StoredTurns(
            provider.GetRequiredService<TurnStorage>(), provider.GetRequiredService<TurnKinds>(), provider.GetRequiredService<ITurnRecords>(), provider.GetRequiredService<RequestMemory>()));
        services.AddScoped<TurnService>();
        services.AddHostedService<TurnUpkeep>();
        services.AddHostedService<SecretUpkeep>();
        return services;
    }

    /// <summary>Adds the embedded adapters, unless others are there: turns, tool runs and usage counts in files, tools in this process.</summary>
    /// <remarks>`FuncChat__DataPath` is the data folder; by default `.funcchat` in the working folder.</remarks>
    public static IServiceCollection AddEmbeddedAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        var dataPath = DataFolder.Of(configuration);
        services.TryAddTurnStore(_ => new FileTurnStore(dataPath));
        services.TryAddSingleton<IThreadStore>(provider => new FileThreadStore(dataPath, provider.GetRequiredService<ILogger<FileThreadStore>>()));
        services.TryAddSingleton<IWaitingTurnStore>(provider => new FileWaitingTurnStore(dataPath, provider.GetRequiredService<ILogger<FileWaitingTurnStore>>()));
        services.TryAddSingleton<IFileStore>(provider => new FolderFileStore(dataPath, provider.GetRequiredService<ILogger<FolderFileStore>>()));
        services.TryAddSingleton<IToolRunStore>(_ => new FileToolRunStore(dataPath));
        services.TryAddSingleton<ISecretStore>(_ => new FileSecretStore(dataPath));
        services.TryAddSingleton<IUsageStore>(provider => new FileUsageStore(dataPath, provider.GetRequiredService<ILogger<FileUsageStore>>()));
        services.TryAddSingleton<IToolRunner, InProcessToolRunner>();
        services.AddSingleton(provider => new LocalBackgroundTurns(
            dataPath, provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LocalBackgroundTurns>>()));
        services.TryAddSingleton<IBackgroundTurns>(provider => provider.GetRequiredService<LocalBackgroundTurns>());
        services.AddHostedService(provider => provider.GetRequiredService<LocalBackgroundTurns>());
        services.AddHostedService(provider => new TemporaryFileUpkeep(dataPath, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TemporaryFileUpkeep>>()));
        return services;
    }
}
