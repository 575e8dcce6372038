using Azure;
using Azure.Storage.Blobs;

namespace FuncChat.Azure.Blobs;

/// <summary>
/// A blob that changes whenever any turn is asked to stop. Each turn that runs asks every two seconds whether it was: as long as the mark stays the same, one
/// request answers all turns of an instance.
/// </summary>
internal sealed class StopSignal(BlobContainerClient container)
{
    internal const string Name = "stop-requests";

    private readonly BlobClient _blob = container.GetBlobClient(Name);
    private readonly Lock _lock = new();
    private Task<ETag>? _look;

    /// <summary>Says that a turn is to stop. Called behind the request itself, so that whoever sees the change finds that.</summary>
    public async Task<ETag> ChangeAsync(CancellationToken cancellationToken) =>
        (await _blob.UploadAsync(BinaryData.Empty, overwrite: true, cancellationToken)).Value.ETag;

    /// <summary>How the mark is now. Those who ask at the same time share a request.</summary>
    public Task<ETag> LookAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_look is null or { IsCompleted: true })
                _look = LookAsync();
            return _look.WaitAsync(cancellationToken);
        }
    }

    private async Task<ETag> LookAsync()
    {
        try
        {
            return (await _blob.GetPropertiesAsync()).Value.ETag;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Made, since a blob that is there is not looked for in vain again.
            return await ChangeAsync(CancellationToken.None);
        }
    }
}
