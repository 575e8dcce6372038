using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using FuncChat.Azure.Blobs;
using FuncChat.Azure.Threads;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.Threads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Azure.Threads;

/// <summary>The server is killed between two requests to the storage account.</summary>
[Collection(AzuriteTests.Name)]
public sealed class BlobThreadConsistencyTests(AzuriteServer azurite) : ThreadConsistencyContract
{
    private readonly string _turns = AzuriteServer.NewContainer();
    private readonly string _threads = AzuriteServer.NewContainer();
    private readonly string _table = $"test{Guid.NewGuid():N}";

    private protected override int Rounds => 1;

    private protected override bool LeasesOutliveProcess => true;

    private protected override void AddStores(IServiceCollection services, string folder, CrashPoint crash)
    {
        var turns = new BlobTurnStore(azurite.Container(_turns, With(new BlobClientOptions(), crash)), TimeProvider.System, NullLogger<BlobTurnStore>.Instance);
        services.AddSingleton<ITurnStore>(turns).AddSingleton<ITurnLeases>(turns).AddSingleton<ITurnSignals>(turns).AddSingleton<ITurnRetention>(turns);
        services.AddSingleton<IThreadStore>(new BlobThreadStore(
            azurite.Container(_threads, With(new BlobClientOptions(), crash)), new TableClient(azurite.ConnectionString, _table, With(new TableClientOptions(), crash)),
            NullLogger<BlobThreadStore>.Instance));
    }

    private protected override async Task<IEnumerable<string>> LeftAsync(string folder)
    {
        var left = new List<string>();
        foreach (var container in new[] { azurite.Container(_turns), azurite.Container(_threads) })
        {
            if (!await container.ExistsAsync())
                continue; // No request has stored a turn.
            await foreach (var blob in container.GetBlobsAsync())
                left.Add(blob.Name);
        }

        await foreach (var row in new TableClient(azurite.ConnectionString, _table).QueryAsync<TableEntity>())
            left.Add(row.RowKey);
        return left.Where(name => name != BlobSignals.MarkName && !name.StartsWith(BlobDoneWork.Prefix, StringComparison.Ordinal));
    }

    private static T With<T>(T options, CrashPoint crash)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        options.AddPolicy(new CrashingPolicy(crash), HttpPipelinePosition.PerCall);
        return options;
    }

    private sealed class CrashingPolicy(CrashPoint crash) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            crash.Passes(message.Request.Method != RequestMethod.Get && message.Request.Method != RequestMethod.Head)
                ? ProcessNextAsync(message, pipeline)
                : throw new IOException("The process was killed.");
    }
}
