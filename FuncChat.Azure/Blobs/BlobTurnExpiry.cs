using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Blobs;

/// <summary>Removes the blobs of expired turns.</summary>
internal sealed class BlobTurnExpiry(BlobContainerClient container)
{
    // Of turns that have several segments, the time of the last. A turn's first segment is listed after the others.
    private readonly Dictionary<BlobTurnNames, (DateTimeOffset LastModified, int LastSegment)> _segments = [];
    private readonly Removals _removals = new();

    public async Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in container.GetBlobsAsync(cancellationToken: cancellationToken).AsPages())
            {
                // By the store's clock: this instance's own may be wrong.
                var oldest = (page.GetRawResponse().Headers.Date ?? DateTimeOffset.MinValue) - age;
                foreach (var blob in page.Values)
                    await VisitAsync(blob, oldest, cancellationToken);
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // There was no turn yet.
        }

        _removals.ThrowIfAnyFailed("expired turns");
    }

    /// <inheritdoc cref="Engine.Store.ITurnRetention.RemoveAsync"/>
    public async Task<bool> RemoveAsync(BlobTurnNames names, CancellationToken cancellationToken)
    {
        var lastSegment = 0;
        (ETag ETag, LeaseState? Lease)? first = null;
        await foreach (var blob in container.ListAsync(names.Turn + ".", cancellationToken: cancellationToken))
        {
            if (BlobTurnNames.Parse(blob.Name) is not var (_, segment))
                continue;
            lastSegment = Math.Max(lastSegment, segment);
            if (segment == 0)
                first = (blob.Properties.ETag ?? default, blob.Properties.LeaseState);
        }

        if (first is not var (etag, lease))
            return true;
        if (lease == LeaseState.Leased)
            return false;
        try
        {
            await RemoveAsync(names, lastSegment, etag, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
    }

    private async Task VisitAsync(BlobItem blob, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        var modified = blob.Properties.LastModified ?? DateTimeOffset.MaxValue;
        if (blob.Name == BlobSignals.OlderMarkName && modified < oldest)
            await _removals.TryAsync(() => container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken), cancellationToken);
        if (BlobTurnNames.Parse(blob.Name) is not var (names, segment))
            return;
        if (segment > 0)
        {
            var known = _segments.GetValueOrDefault(names);
            _segments[names] = (known.LastModified > modified ? known.LastModified : modified, Math.Max(known.LastSegment, segment));
            return;
        }

        _segments.Remove(names, out var others);
        if (modified >= oldest || others.LastModified >= oldest || blob.Properties.LeaseState == LeaseState.Leased)
            return;
        await _removals.TryAsync(
            async () =>
            {
                try
                {
                    await RemoveAsync(names, others.LastSegment, blob.Properties.ETag, cancellationToken);
                }
                catch (RequestFailedException e) when (e.Status is 409 or 412)
                {
                    // It is being continued.
                }
            },
            cancellationToken);
    }

    // The first segment last: without it there is no turn, and with its signals it would stop a new one of the same id.
    private async Task RemoveAsync(BlobTurnNames names, int lastSegment, ETag? unchanged, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { names.Signals, names.Followed, names.Stop }.Concat(Enumerable.Range(1, lastSegment).Select(names.Segment)))
            await container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);
        await container.DeleteBlobIfExistsAsync(
            names.Segment(0), conditions: new BlobRequestConditions { IfMatch = unchanged }, cancellationToken: cancellationToken);

        // Once more: a request that saw the turn may have sent a signal meanwhile.
        foreach (var name in new[] { names.Signals, names.Followed })
            await container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);
    }
}
