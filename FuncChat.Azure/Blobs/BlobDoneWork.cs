using Azure;
using Azure.Storage.Blobs;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Blobs;

/// <summary>Remembers when work was done as the time of an empty blob, `upkeep/{work}`.</summary>
internal sealed class BlobDoneWork(BlobContainerClient container) : IDoneWork
{
    /// <summary>What the names of the blobs begin with.</summary>
    internal const string Prefix = "upkeep/";

    public async Task<TimeSpan?> FindAgeAsync(string work, CancellationToken cancellationToken)
    {
        try
        {
            var found = await container.GetBlobClient(Prefix + work).GetPropertiesAsync(cancellationToken: cancellationToken);
            return found.GetRawResponse().Headers.Date - found.Value.LastModified;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    public Task RecordAsync(string work, CancellationToken cancellationToken) => container.EnsuredAsync(
        () => container.GetBlobClient(Prefix + work).UploadAsync(BinaryData.Empty, overwrite: true, cancellationToken), cancellationToken);
}
