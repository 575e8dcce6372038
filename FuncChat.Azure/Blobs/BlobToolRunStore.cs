using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Azure.Blobs;

/// <summary>
/// The journal of tool runs as append blobs, `{run id}.jsonl`, with a line of JSON for each entry, and their progress as `{run id}.progress.json`. Any instance
/// can continue and watch any run.
/// </summary>
public sealed class BlobToolRunStore(BlobContainerClient container) : IToolRunStore, IToolRunProgress
{
    private const int MostMissing = 1000;

    private static readonly AppendBlobCreateOptions IfAbsent = new() { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } };

    // Journals that were looked for and not found: a run that begins creates its journal, instead of appending in vain first.
    private readonly ConcurrentDictionary<string, bool> _missing = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        if (await BlobOf(runId).TryDownloadAsync(cancellationToken) is { } journal)
            return ToolRunLines.Read(journal.Content.ToMemory().Span);
        if (_missing.Count >= MostMissing)
            _missing.Clear();
        _missing[runId] = true;
        return [];
    }

    public async Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken)
    {
        var blob = BlobOf(runId);
        var line = ToolRunLines.Write(entry);
        if (_missing.TryRemove(runId, out _))
            await CreateAsync(blob, cancellationToken);
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

    async Task<StoredProgress?> IToolRunProgress.ReadAsync(string runId, CancellationToken cancellationToken) =>
        await ProgressOf(runId).TryDownloadAsync(cancellationToken) is { } stored && ProgressJson.Read(stored.Content.ToMemory().Span) is { } snapshot
            ? new StoredProgress(snapshot, stored.Details.ETag.ToString())
            : null;

    async Task<string?> IToolRunProgress.TryWriteAsync(string runId, ToolRunSnapshot snapshot, string? version, CancellationToken cancellationToken)
    {
        var unchanged = version is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = new ETag(version) };
        var content = BinaryData.FromBytes(ProgressJson.Write(snapshot));
        string? written = null;
        try
        {
            await container.EnsuredAsync(
                async () => written = (await ProgressOf(runId).UploadAsync(content, new BlobUploadOptions { Conditions = unchanged }, cancellationToken)).Value.ETag.ToString(),
                cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Another instance has written.
        }

        return written;
    }

    public async Task RemoveAsync(string runId, CancellationToken cancellationToken)
    {
        await BlobOf(runId).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await ProgressOf(runId).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        container.RemoveOlderThanAsync(prefix: null, age, "expired tool runs", cancellationToken);

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

    private BlobClient ProgressOf(string runId) => container.GetBlobClient($"{runId}.progress.json");

    private AppendBlobClient BlobOf(string runId) => container.GetAppendBlobClient($"{runId}.jsonl");
}
