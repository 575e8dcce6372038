using FuncChat.Engine.Usage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Support;

/// <summary>Counters and meters as the app composes them.</summary>
internal static class UsageBench
{
    public static SharedUsageCounter CounterOf(IUsageStore store, TimeProvider time, TimeSpan? interval = null) =>
        new(store, new UsageStoreCircuit(time, NullLogger<UsageStoreCircuit>.Instance), SyncEvery(interval ?? TimeSpan.FromSeconds(2)), time);

    private static UsageSyncOptions SyncEvery(TimeSpan interval) => new(interval, interval, interval);

    public static TokenMeter MeterOf(
        IUsageCounter counter, TimeProvider time, long tokensPerDay = 0, BudgetOptions? budgets = null, PriceTable? prices = null) => new(
            counter, Options.Create(new QuotaOptions { TokensPerDay = tokensPerDay }),
            new Budgets(counter, Options.Create(budgets ?? new BudgetOptions()), prices ?? new PriceTable(), time), prices ?? new PriceTable(), time,
            NullLogger<TokenMeter>.Instance);
}
