using Azure.Data.Tables;
using FuncChat.Azure.Blobs;
using FuncChat.Azure.Threads;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.Threads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Azure.Threads;

[Collection(AzuriteTests.Name)]
public sealed class DeletedThreadTests(AzuriteServer azurite)
{
    private readonly string _container = AzuriteServer.NewContainer();
    private readonly string _table = $"test{Guid.NewGuid():N}";

    [Fact]
    public async Task Deletion_leaves_no_blob_and_no_row_of_the_thread()
    {
        await using var server = await StartAsync();
        server.Tools.Go.Set();
        server.Model.Calls(("a", GatedTools.Steps, "{}")).Says("Done.").Says("2").Says("Other");
        await server.ChatAsync("A", "turn-0001", $$""","tools":["{{GatedTools.Steps}}"]""");
        await server.ChatAsync("B", "turn-0002");
        await server.ChatAsync("C", "turn-0003", thread: "thread-0002");
        using var shared = await server.SendAsync(HttpMethod.Post, "api/threads/thread-0001/share", "{}");
        var before = await NamesAsync();
        Assert.Contains(before, name => name.EndsWith("turn-0001.log", StringComparison.Ordinal));
        Assert.Contains(before, name => name.EndsWith(".jsonl", StringComparison.Ordinal));
        Assert.Contains(before, name => name.StartsWith("shares/", StringComparison.Ordinal));

        using var response = await server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001");

        Assert.Equal(System.Net.HttpStatusCode.NoContent, response.StatusCode);
        var left = (await NamesAsync()).Select(name => System.Text.RegularExpressions.Regex.Replace(name.Split('/', 2)[^1], "content_[0-9a-f]{32}", "content", System.Text.RegularExpressions.RegexOptions.NonBacktracking));
        Assert.Equal(["thread-0002", "thread-0002/thread.json", "thread-0002/turns/content.json", "turn-0003.log"], left.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Interrupted_deletion_is_completed_by_the_upkeep()
    {
        await using var server = await StartAsync();
        server.Model.Says("1");
        await server.ChatAsync("A", "turn-0001");
        var threads = server.Services.GetRequiredService<ThreadStorage>();
        var key = new ThreadKey(await FindUserAsync(server), "thread-0001");
        await threads.ChangeAsync(key, thread => thread with { IsDeleted = true }, CancellationToken.None);
        using (var hidden = await server.Ada.GetAsync("api/threads/thread-0001"))
            Assert.Equal(System.Net.HttpStatusCode.NotFound, hidden.StatusCode);

        await ActivatorUtilities.CreateInstance<ThreadUpkeep>(server.Services).RemoveExpiredAsync(CancellationToken.None);

        Assert.Empty(await NamesAsync());
    }

    private static async Task<string> FindUserAsync(ThreadServer server)
    {
        await foreach (var thread in server.Services.GetRequiredService<ThreadStorage>().ListExpiredAsync(DateTimeOffset.MaxValue, CancellationToken.None))
            return thread.User;
        throw new InvalidOperationException("There is no thread.");
    }

    private Task<ThreadServer> StartAsync() => ThreadServer.StartAsync(builder =>
    {
        builder.Services.AddTurnStore(provider =>
            new BlobTurnStore(azurite.Container(_container), TimeProvider.System, NullLogger<BlobTurnStore>.Instance));
        builder.Services.AddSingleton<IThreadStore>(new BlobThreadStore(azurite.Container(_container), new TableClient(azurite.ConnectionString, _table), NullLogger<BlobThreadStore>.Instance));
        builder.Services.AddSingleton<IToolRunStore>(new BlobToolRunStore(azurite.Container(_container)));
    });

    // Without the mark that all turns share, and the times of the upkeep.
    private async Task<List<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var blob in azurite.Container(_container).GetBlobsAsync())
            names.Add(blob.Name);
        await foreach (var row in new TableClient(azurite.ConnectionString, _table).QueryAsync<TableEntity>())
            names.Add($"{row.PartitionKey}/{row.RowKey}");
        return [.. names.Where(name => name != BlobSignals.MarkName && !name.StartsWith(BlobDoneWork.Prefix, StringComparison.Ordinal))];
    }
}
