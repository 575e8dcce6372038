using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using FuncChat.Azure.Blobs;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Threads;

/// <summary>
/// Keeps threads in blobs, `{user's hash}/{thread id}/thread.json` and a blob for each turn in its folder `turns`, and their index in a table. The document
/// is the truth; a row that a crash kept from being written is written with the next change.
/// </summary>
public sealed partial class BlobThreadStore(BlobContainerClient container, TableClient table, ILogger<BlobThreadStore> logger, TimeProvider? time = null) : IThreadStore
{
    private const string SharePrefix = "shares/";

    private readonly ThreadIndex _index = new(table, time ?? TimeProvider.System);

    // Every blob is listed to find them.
    private readonly DailyWork _leftovers = new("leftovers", new BlobDoneWork(container));

    public IDoneWork? DoneWork { get; } = new BlobDoneWork(container);

    public async Task<StoredThread?> ReadAsync(ThreadKey key, CancellationToken cancellationToken) =>
        await DocumentOf(FolderOf(key)).TryDownloadAsync(cancellationToken) is { } blob
            ? new StoredThread(ThreadDocument.Parse(UserHash.Of(key.User), key.ThreadId, blob.Content.ToMemory().Span), blob.Details.ETag.ToString())
            : null;

    public async Task<StoredThread?> ReadDamagedAsync(ThreadKey key, CancellationToken cancellationToken) =>
        await DocumentOf(FolderOf(key)).TryDownloadAsync(cancellationToken) is { } blob
            ? new StoredThread(DamagedThread.Of(key, blob.Content.ToMemory().Span, blob.Details.LastModified), blob.Details.ETag.ToString())
            : null;

    public async Task<string?> WriteAsync(ThreadDocument thread, string? ifMatch, CancellationToken cancellationToken)
    {
        // A new thread has its row first: without one, nothing would ever find it again after a crash.
        var left = ifMatch is null ? await _index.AddAsync(thread, cancellationToken) : null;
        var options = new BlobUploadOptions
        {
            Conditions = ifMatch is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = new ETag(ifMatch) },
        };
        string? etag = null;
        try
        {
            var content = BinaryData.FromBytes(thread.ToJson());
            await container.EnsuredAsync(
                async () => etag = (await DocumentOf(FolderOf(thread.Key)).UploadAsync(content, options, cancellationToken)).Value.ETag.ToString(), cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 || e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }

        if (left is { } row)
            await _index.ReplaceAsync(thread, row, cancellationToken);
        else if (ifMatch is not null)
            await _index.WriteAsync(thread, cancellationToken);
        return etag;
    }

    public Task<IReadOnlyList<ThreadSummary>> ListAsync(string user, CancellationToken cancellationToken) => _index.ListAsync(user, cancellationToken);

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => container.NowAsync(cancellationToken);

    public async IAsyncEnumerable<ThreadDocument> ListExpiredAsync(
        DateTimeOffset unchangedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var removals = new Removals();
        await foreach (var row in _index.ListExpiredAsync(unchangedSince, cancellationToken))
        {
            if (await DocumentOf($"{row.PartitionKey}/{row.RowKey}").TryDownloadAsync(cancellationToken) is not { } blob)
                await _index.RemoveAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
            else if (DamagedThread.ParseAny(row.PartitionKey, row.RowKey, blob.Content.ToMemory().Span, blob.Details.LastModified) is not { } thread)
                await removals.TryAsync(() => RemoveDamagedAsync(row, blob, unchangedSince, cancellationToken), cancellationToken);
            else if (thread.HasRemains || thread.UpdatedAt < unchangedSince)
                yield return thread;
            else if (!thread.IsDamaged)
                await _index.WriteAsync(thread, cancellationToken);
        }

        await removals.TryAsync(() => _leftovers.RunAsync(unchangedSince, () => RemoveLeftoversAsync(unchangedSince, cancellationToken), cancellationToken), cancellationToken);
        removals.ThrowIfAnyFailed("damaged threads, or contents without a thread,");
    }

    // A crash kept the document from being written after the content of the first turn. In order of their names, a document comes before its contents.
    private async Task RemoveLeftoversAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken)
    {
        var withDocument = "";
        await foreach (var blob in container.ListAsync(cancellationToken: cancellationToken))
        {
            if (blob.Name.Split('/') is not [var user, var thread, var part, ..])
                continue;
            var folder = $"{user}/{thread}";
            if (part == "thread.json")
                withDocument = folder;
            else if (part == "turns" && folder != withDocument && blob.Properties.LastModified < writtenBefore)
                await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken);
        }
    }

    public Task WriteTurnAsync(ThreadKey key, string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        container.EnsuredAsync(() => TurnOf(key, contentId).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancellationToken), cancellationToken);

    public async Task<byte[]?> ReadTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken) =>
        (await TurnOf(key, contentId).TryDownloadAsync(cancellationToken))?.Content.ToArray();

    public Task RemoveTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken) =>
        TurnOf(key, contentId).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public Task WriteShareAsync(string shareId, ThreadKey key, CancellationToken cancellationToken) => container.EnsuredAsync(
        () => ShareOf(shareId).UploadAsync(BinaryData.FromBytes(key.ToJson()), overwrite: true, cancellationToken), cancellationToken);

    public async Task<ThreadKey?> ReadShareAsync(string shareId, CancellationToken cancellationToken) =>
        await ShareOf(shareId).TryDownloadAsync(cancellationToken) is { } blob ? ThreadKey.Parse(blob.Content.ToMemory().Span) : null;

    public async IAsyncEnumerable<string> ListSharesAsync(DateTimeOffset writtenBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in container.ListAsync(SharePrefix, cancellationToken: cancellationToken))
        {
            if (Path.GetFileNameWithoutExtension(blob.Name) is var id && ThreadShare.IsShareId(id) && blob.Properties.LastModified < writtenBefore)
                yield return id;
        }
    }

    public Task RemoveShareAsync(string shareId, CancellationToken cancellationToken) =>
        ShareOf(shareId).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public async Task RemoveAsync(ThreadKey key, string ifMatch, CancellationToken cancellationToken)
    {
        var row = await _index.FindAsync(key, cancellationToken);
        if (await TryRemoveBlobsAsync(FolderOf(key), new ETag(ifMatch), cancellationToken) && row is { } etag)
            await _index.RemoveAsync(UserHash.Of(key.User), key.ThreadId, etag, cancellationToken);
    }

    // False if the thread has changed.
    private async Task<bool> TryRemoveBlobsAsync(string folder, ETag ifMatch, CancellationToken cancellationToken)
    {
        var contents = new List<string>();
        await foreach (var blob in container.ListAsync($"{folder}/turns/", cancellationToken: cancellationToken))
            contents.Add(blob.Name);

        // After the contents are listed: they are not those of a thread that is created once this one is removed.
        if ((await DocumentOf(folder).TryDownloadAsync(cancellationToken))?.Details.ETag != ifMatch)
            return false;
        foreach (var name in contents)
            await container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);
        try
        {
            await DocumentOf(folder).DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = ifMatch }, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    private async Task RemoveDamagedAsync(TableEntity row, BlobDownloadResult blob, DateTimeOffset unchangedSince, CancellationToken cancellationToken)
    {
        if (blob.Details.LastModified >= unchangedSince)
            return;
        if (!await TryRemoveBlobsAsync($"{row.PartitionKey}/{row.RowKey}", blob.Details.ETag, cancellationToken))
            return;
        await _index.RemoveAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        LogRemoved(row.RowKey);
    }

    [LoggerMessage(1508, LogLevel.Warning, "Thread {ThreadId} is damaged and has expired. Whose it was can't be read; its blobs were removed")]
    private partial void LogRemoved(string threadId);

    private static string FolderOf(ThreadKey key) => ThreadKey.IsThreadId(key.ThreadId)
        ? $"{UserHash.Of(key.User)}/{key.ThreadId}"
        : throw new ArgumentException("The thread id is not valid.", nameof(key));

    private BlobClient DocumentOf(string folder) => container.GetBlobClient($"{folder}/thread.json");

    private BlobClient ShareOf(string shareId) => ThreadShare.IsShareId(shareId)
        ? container.GetBlobClient($"{SharePrefix}{shareId}.json")
        : throw new ArgumentException("The id of the link is not valid.", nameof(shareId));

    private BlobClient TurnOf(ThreadKey key, string contentId) => TurnKey.IsTurnId(contentId)
        ? container.GetBlobClient($"{FolderOf(key)}/turns/{contentId}.json")
        : throw new ArgumentException("The id of the content is not valid.", nameof(contentId));
}
