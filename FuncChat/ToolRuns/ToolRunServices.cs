using FuncChat.Background;
using FuncChat.Engine.Background;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace FuncChat.ToolRuns;

internal static class ToolRunServices
{
    /// <summary>Runs long tools and turns in the background on Durable, with the client of the request, and quick tools in this process.</summary>
    public static IServiceCollection AddDurableToolRuns(this IServiceCollection services)
    {
        services.AddSingleton<InProcessToolRunner>();
        services.AddScoped<RequestDurableClient>();
        services.AddScoped<IRemoteToolRuns>(scope => new DurableToolRuns(
            scope.GetRequiredService<RequestDurableClient>().Client, scope.GetRequiredService<IToolRunProgress>(), scope.GetRequiredService<TimeProvider>()));
        services.Replace(ServiceDescriptor.Scoped<IToolRunner>(scope => new RemoteToolRunner(
            scope.GetRequiredService<IRemoteToolRuns>(), scope.GetRequiredService<InProcessToolRunner>(),
            scope.GetRequiredService<IToolRunStore>(), scope.GetRequiredService<TimeProvider>(), scope.GetRequiredService<ILogger<RemoteToolRunner>>())));
        services.Replace(ServiceDescriptor.Scoped<IBackgroundTurns, DurableBackgroundTurns>());
        services.AddSingleton<ToolRunHistory>();
        services.AddSingleton(provider => new RemoteToolRunWork(
            provider.GetRequiredService<InProcessToolRunner>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RemoteToolRunWork>>()));
        return services;
    }
}
