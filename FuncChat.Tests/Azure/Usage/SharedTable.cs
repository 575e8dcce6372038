using Azure.Data.Tables;
using FuncChat.Azure.Usage;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Azure.Usage;

/// <summary>A table of a test's own, and instances that count in it.</summary>
internal sealed class SharedTable(AzuriteServer azurite, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public static readonly UsageSyncOptions Sync = new(Interval, Interval, ReportInterval: TimeSpan.FromMinutes(1));

    public string Name { get; } = $"test{Guid.NewGuid():N}";

    public TableClient Client => new(azurite.ConnectionString, Name);

    public Instance Start() => new(azurite.ConnectionString, Name, time);

    /// <summary>One of the processes, with its network and its log.</summary>
    internal sealed class Instance
    {
        public Instance(string connectionString, string table, TimeProvider time)
        {
            Store = new TableUsageStore(new TableClient(connectionString, table, Network.Options()));
            Circuit = new UsageStoreCircuit(time, new LoggerFactory([Logs]).CreateLogger<UsageStoreCircuit>());
            Counter = new SharedUsageCounter(Store, Circuit, Sync, time);
        }

        public FailingNetwork Network { get; } = new();

        public LogLines Logs { get; } = new();

        public TableUsageStore Store { get; }

        public UsageStoreCircuit Circuit { get; }

        public SharedUsageCounter Counter { get; }

        public Task WriteAsync() => Counter.WriteAsync(CancellationToken.None);
    }
}
