using System.Diagnostics.Metrics;
using System.Globalization;
using FuncChat.Engine.Store;
using FuncChat.Engine.Models;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine;

public static class EngineServices
{
    /// <summary>Adds models and turns. The host adds an <see cref="ITurnStore"/>, and hands an <see cref="IToolRunner"/> to each turn.</summary>
    public static IServiceCollection AddFuncChatEngine(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddFuncChatModels(configuration);
        services.AddOptions<TurnOptions>()
            .Bind(configuration.GetSection(TurnOptions.Section))
            .Configure(options => options.MaxToolIterations = Rounds(configuration) ?? options.MaxToolIterations)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<TelemetryOptions>()
            .Configure(options => options.CapturesContent = TelemetryOptions.CapturesContentIn(configuration))
            .ValidateOnStart();
        services.AddSingleton(provider => new EngineTelemetry(
            provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<IOptions<TelemetryOptions>>().Value.CapturesContent));
        services.AddSingleton<TurnFactory>();
        services.TryAddSingleton<IUsageCounter, InProcessUsageCounter>();
        services.AddSingleton<TurnService>();
        services.AddHostedService<TurnUpkeep>();
        return services;
    }

    /// <summary>Adds the embedded adapters: turns and tool runs kept in files, tools run in this process.</summary>
    /// <remarks>`FuncChat__DataPath` is the data folder; by default `.funcchat` in the working folder.</remarks>
    public static IServiceCollection AddEmbeddedAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        var dataPath = configuration["FuncChat:DataPath"] is { Length: > 0 } path ? path : ".funcchat";
        services.AddSingleton<ITurnStore>(new FileTurnStore(dataPath));
        services.AddSingleton<IToolRunStore>(new FileToolRunStore(dataPath));
        services.AddSingleton<IToolRunner, InProcessToolRunner>();
        return services;
    }

    private static int? Rounds(IConfiguration configuration) => configuration["MAX_TOOL_ITERATIONS"] switch
    {
        null or "" => null,
        var text when int.TryParse(text, CultureInfo.InvariantCulture, out var rounds) => rounds,
        _ => throw new OptionsValidationException(
            nameof(TurnOptions), typeof(TurnOptions), ["MAX_TOOL_ITERATIONS must be a whole number from 1 to 50, such as 5."]),
    };
}
