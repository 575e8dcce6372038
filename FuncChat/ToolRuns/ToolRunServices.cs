using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.ToolRuns;

internal static class ToolRunServices
{
    /// <summary>Adds tool runs on Durable: what a function asks for them, and what the activity carries them out with.</summary>
    public static IServiceCollection AddDurableToolRuns(this IServiceCollection services)
    {
        services.AddSingleton<InProcessToolRunner>();
        services.AddSingleton<DurableToolRunners>();
        services.AddSingleton<ToolRunHistory>();
        services.AddSingleton(provider => new RemoteToolRunWork(
            provider.GetRequiredService<InProcessToolRunner>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RemoteToolRunWork>>()));
        return services;
    }
}
