using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

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

    /// <summary>The container's blobs; none if there is no container.</summary>
    public static IAsyncEnumerable<BlobItem> ListAsync(this BlobContainerClient container, CancellationToken cancellationToken) =>
        container.ListAsync(prefix: null, cancellationToken);

    /// <summary>The container's blobs whose names begin with the prefix; none if there is no container.</summary>
    public static IAsyncEnumerable<BlobItem> ListAsync(this BlobContainerClient container, string? prefix, CancellationToken cancellationToken) =>
        container.ListAsync(BlobTraits.None, prefix, cancellationToken);

    /// <summary>The container's blobs whose names begin with the prefix, with the metadata of each; none if there is no container.</summary>
    public static IAsyncEnumerable<BlobItem> ListWithMetadataAsync(this BlobContainerClient container, string? prefix, CancellationToken cancellationToken) =>
        container.ListAsync(BlobTraits.Metadata, prefix, cancellationToken);

    private static async IAsyncEnumerable<BlobItem> ListAsync(
        this BlobContainerClient container, BlobTraits traits, string? prefix,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var blobs = container.GetBlobsAsync(traits, BlobStates.None, prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(blobs))
            yield return blobs.Current;
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
