using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Blobs;

internal static class Containers
{
    /// <summary>Makes a request, and creates the container first if it is missing.</summary>
    public static async Task EnsuredAsync(this BlobContainerClient container, Func<Task> request, CancellationToken cancellationToken)
    {
        try
        {
            await request();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await request();
        }
    }

    /// <summary>Returns the time by the store's clock.</summary>
    public static async Task<DateTimeOffset> NowAsync(this BlobContainerClient container, CancellationToken cancellationToken)
    {
        var response = await ReadAsync();
        return response?.Headers.Date ?? throw new InvalidDataException("The store's response has no date.");

        async Task<Response?> ReadAsync()
        {
            try
            {
                return (await container.GetPropertiesAsync(cancellationToken: cancellationToken)).GetRawResponse();
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                return e.GetRawResponse();
            }
        }
    }

    /// <summary>Downloads a blob; null if there is none.</summary>
    public static async Task<BlobDownloadResult?> TryDownloadAsync(this BlobBaseClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.DownloadContentAsync(cancellationToken)).Value;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Reads the properties of a blob; null if there is none.</summary>
    public static async Task<BlobProperties?> TryGetPropertiesAsync(this BlobBaseClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>The container's blobs whose names begin with the prefix; none if there is no container.</summary>
    /// <param name="traits">What each has besides its name and its properties.</param>
    public static async IAsyncEnumerable<BlobItem> ListAsync(
        this BlobContainerClient container, string? prefix = null, BlobTraits traits = BlobTraits.None, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var blobs = container.GetBlobsAsync(traits, BlobStates.None, prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(blobs))
            yield return blobs.Current;
    }

    /// <summary>
    /// Removes the blobs that were last written longer than <paramref name="age"/> ago by the store's clock: this instance's own may be wrong. One that can't be
    /// removed does not keep the others.
    /// </summary>
    /// <param name="contents">What they are, for the message.</param>
    /// <param name="nameEnd">The end of their names.</param>
    /// <exception cref="IOException">A blob could not be removed.</exception>
    public static async Task RemoveOlderThanAsync(
        this BlobContainerClient container, string? prefix, TimeSpan age, string contents, CancellationToken cancellationToken, string nameEnd = "")
    {
        var removals = new Removals();
        try
        {
            await foreach (var page in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).AsPages())
            {
                var oldest = (page.GetRawResponse().Headers.Date ?? DateTimeOffset.MinValue) - age;
                foreach (var blob in page.Values.Where(blob => blob.Properties.LastModified < oldest && blob.Name.EndsWith(nameEnd, StringComparison.Ordinal)))
                    await removals.TryAsync(() => container.RemoveUnchangedAsync(blob, cancellationToken), cancellationToken);
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Nothing was stored yet.
        }

        removals.ThrowIfAnyFailed(contents);
    }

    private static async Task RemoveUnchangedAsync(this BlobContainerClient container, BlobItem blob, CancellationToken cancellationToken)
    {
        try
        {
            var unchanged = new BlobRequestConditions { IfMatch = blob.Properties.ETag };
            await container.DeleteBlobIfExistsAsync(blob.Name, conditions: unchanged, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            // It was written meanwhile.
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<BlobItem> blobs)
    {
        try
        {
            return await blobs.MoveNextAsync();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return false;
        }
    }
}
