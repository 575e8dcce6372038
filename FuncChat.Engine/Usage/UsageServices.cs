using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Usage;

internal static class UsageServices
{
    // Processes that share a folder are rare, and each reading is one of files.
    private static readonly UsageSyncOptions FileSync = new(TimeSpan.FromSeconds(2), ReadInterval: TimeSpan.FromSeconds(10), ReportInterval: TimeSpan.FromSeconds(2));

    /// <summary>Adds the counters, the limits of tokens, and the budgets. The host adds an <see cref="IUsageStore"/>.</summary>
    public static IServiceCollection AddUsage(this IServiceCollection services)
    {
        services.TryAddSingleton(FileSync);
        services.AddSingleton<UsageStoreCircuit>();
        services.AddSingleton(provider => new SharedUsageCounter(
            provider.GetRequiredService<IUsageStore>(), provider.GetRequiredService<UsageStoreCircuit>(),
            provider.GetRequiredService<UsageSyncOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IUsageCounter>(provider => provider.GetRequiredService<SharedUsageCounter>());
        services.AddHostedService<UsageSyncService>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<PriceTable>>().Value);
        services.AddSingleton<Budgets>();
        services.AddSingleton(provider => new TokenMeter(
            provider.GetRequiredService<IUsageCounter>(), provider.GetRequiredService<IOptions<QuotaOptions>>(), provider.GetRequiredService<Budgets>(),
            provider.GetRequiredService<PriceTable>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TokenMeter>>()));
        services.AddSingleton(provider => new UsageReports(
            provider.GetRequiredService<IUsageCounter>(), provider.GetRequiredService<Budgets>(), provider.GetRequiredService<IOptions<BudgetOptions>>(),
            provider.GetRequiredService<PriceTable>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
