using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;
using FuncChat.Tools.Identity;

namespace FuncChat.Azure.Blobs;

/// <summary>Keeps secrets of users in blobs: `{user's hash}/{name}`. The container is private, and Azure Storage encrypts it.</summary>
public sealed class BlobSecretStore(BlobContainerClient container) : ISecretStore
{
    private static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);
    private static readonly BlobUploadOptions IfAbsent = new() { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };

    public async Task<byte[]?> ReadAsync(SecretKey key, CancellationToken cancellationToken) => (await BlobOf(key).TryDownloadAsync(cancellationToken))?.Content.ToArray();

    public Task WriteAsync(SecretKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        container.EnsuredAsync(() => BlobOf(key).UploadAsync(BinaryData.FromBytes(value), overwrite: true, cancellationToken), cancellationToken);

    public async Task<byte[]?> TakeAsync(SecretKey key, CancellationToken cancellationToken)
    {
        var blob = BlobOf(key);
        if (await blob.TryDownloadAsync(cancellationToken) is not { } found)
            return null;
        try
        {
            var unchanged = new BlobRequestConditions { IfMatch = found.Details.ETag };
            await blob.DeleteAsync(conditions: unchanged, cancellationToken: cancellationToken);
            return found.Content.ToArray();
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            // Another caller received it.
            return null;
        }
    }

    public Task RemoveOlderThanAsync(string nameEnd, TimeSpan age, CancellationToken cancellationToken) =>
        container.RemoveOlderThanAsync(prefix: null, age, "old secrets", cancellationToken, nameEnd);

    public async Task<IAsyncDisposable> LockAsync(SecretKey key, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient($"{UserHash.Of(key.User)}/{key.Name}.lock");
        var lease = blob.GetBlobLeaseClient();
        while (true)
        {
            try
            {
                await lease.AcquireAsync(LockDuration, cancellationToken: cancellationToken);
                return new Lock(lease);
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                await CreateAsync(blob, cancellationToken);
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
            {
                await Task.Delay(RetryInterval, TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task CreateAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await container.EnsuredAsync(() => blob.UploadAsync(BinaryData.FromString(""), IfAbsent, cancellationToken), cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Another caller has created it.
        }
    }

    private BlobClient BlobOf(SecretKey key) => container.GetBlobClient($"{UserHash.Of(key.User)}/{key.Name}");

    private sealed class Lock(BlobLeaseClient lease) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                using var timeout = new CancellationTokenSource(ReleaseTimeout, TimeProvider.System);
                await lease.ReleaseAsync(cancellationToken: timeout.Token);
            }
            catch (Exception)
            {
                // It expires. Without a network, the SDK has more than one type of exception.
            }
        }
    }
}
