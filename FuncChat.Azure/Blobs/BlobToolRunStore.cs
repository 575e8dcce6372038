using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.ToolRuns;

namespace FuncChat.Azure.Blobs;

/// <summary>The journal of tool runs as append blobs: a line of JSON an entry, in `{run id}.jsonl`. Any instance can continue any run.</summary>
public sealed class BlobToolRunStore(BlobContainerClient container) : IToolRunStore
{
    private static readonly AppendBlobCreateOptions IfAbsent = new() { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } };

    public async Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return ToolRunLines.Read((await BlobOf(runId).DownloadContentAsync(cancellationToken)).Value.Content.ToMemory().Span);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return [];
        }
    }

    public async Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken)
    {
        var blob = BlobOf(runId);
        var line = ToolRunLines.Write(entry);
        try
        {
            await AppendAsync(blob, line, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            await CreateAsync(blob, cancellationToken);
            await AppendAsync(blob, line, cancellationToken);
        }
    }

    public Task RemoveAsync(string runId, CancellationToken cancellationToken) => BlobOf(runId).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public async Task RemoveOlderThanAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        await foreach (var item in container.ListAsync(cancellationToken))
        {
            if (item.Properties.LastModified < time)
                await container.DeleteBlobIfExistsAsync(item.Name, cancellationToken: cancellationToken);
        }
    }

    private static async Task AppendAsync(AppendBlobClient blob, byte[] line, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream(line);
        await blob.AppendBlockAsync(bytes, cancellationToken: cancellationToken);
    }

    private async Task CreateAsync(AppendBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await container.EnsuredAsync(() => blob.CreateAsync(IfAbsent, cancellationToken), cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Another step made it meanwhile.
        }
    }

    private AppendBlobClient BlobOf(string runId) => container.GetAppendBlobClient($"{runId}.jsonl");
}
