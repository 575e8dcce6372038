using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Blobs;

/// <summary>
/// The turn log as append blobs: `{user's hash}/{turn id}.log`. A turn's writer holds the blob's lease, and says with each append where the blob
/// is to end before it: what a writer that lost its lease still sends is refused. An append is stored whole or not at all, so a crash leaves no torn tail.
/// </summary>
public sealed class BlobTurnStore(BlobContainerClient container, TimeProvider time, ILogger<BlobTurnStore> logger) : ITurnStore
{
    private const string LogExtension = ".log";

    // A killed process leaves its turns locked for up to this long; 15 seconds is the least that storage allows.
    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(15);

    private static readonly AppendBlobCreateOptions IfAbsent = new() { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } };

    private readonly StopSignal _stops = new(container);

    public bool Batched => true;

    public async Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        var blob = BlobOf(key);
        if (!await TryCreateAsync(blob, cancellationToken) && await LengthOfAsync(blob, cancellationToken) is not 0)
            return null;

        // Empty: made just now, or by a process that got no further.
        if (await TryLeaseAsync(blob, cancellationToken) is not { } lease)
            return null;
        var writer = new BlobTurnWriter(blob, StopOf(blob), _stops, lease, length: 0, time, logger);
        var written = false;
        try
        {
            written = await writer.TryAppendFirstAsync(header, cancellationToken);
            return written ? writer : null;
        }
        finally
        {
            if (!written)
                await writer.DisposeAsync();
        }
    }

    public async Task<ITurnWriter?> ContinueAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var blob = BlobOf(key);
        if (await TryLeaseAsync(blob, cancellationToken) is not { } lease)
            return null;
        if (await LengthOfAsync(blob, cancellationToken) is { } length)
            return new BlobTurnWriter(blob, StopOf(blob), _stops, lease, length, time, logger);
        return null;
    }

    public async Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var blob = BlobOf(key);
        return await LengthOfAsync(blob, cancellationToken) is { } length ? new BlobTurnReader(blob, length) : null;
    }

    public async Task RequestStopAsync(TurnKey key, CancellationToken cancellationToken)
    {
        // Beside the turn: its own blob is its writer's, who holds the lease.
        var blob = BlobOf(key);
        if (await LengthOfAsync(blob, cancellationToken) is null)
            return;
        await StopOf(blob).UploadAsync(BinaryData.Empty, overwrite: true, cancellationToken);
        await _stops.ChangeAsync(cancellationToken);
    }

    public async Task RemoveOlderThanAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        await foreach (var item in container.ListAsync(cancellationToken))
        {
            if (!item.Name.EndsWith(LogExtension, StringComparison.Ordinal)
                || item.Properties.LastModified >= time
                || item.Properties.LeaseState == LeaseState.Leased)
            {
                continue;
            }

            // The stop first: were it to remain, it would stop a new turn of the same id.
            var blob = container.GetAppendBlobClient(item.Name);
            await StopOf(blob).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            await TryDeleteAsync(blob, item.Properties.ETag, cancellationToken);
        }
    }

    private static async Task TryDeleteAsync(AppendBlobClient blob, ETag? unchanged, CancellationToken cancellationToken)
    {
        try
        {
            await blob.DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = unchanged }, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Somebody continues it.
        }
    }

    private static async Task<BlobLeaseClient?> TryLeaseAsync(AppendBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var lease = blob.GetBlobLeaseClient();
            await lease.AcquireAsync(LeaseDuration, cancellationToken: cancellationToken);
            return lease;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409)
        {
            return null;
        }
    }

    private static async Task<long?> LengthOfAsync(AppendBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private async Task<bool> TryCreateAsync(AppendBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await container.EnsuredAsync(() => blob.CreateAsync(IfAbsent, cancellationToken), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
    }

    private BlobClient StopOf(AppendBlobClient blob) => container.GetBlobClient(Path.ChangeExtension(blob.Name, ".stop"));

    // The user's id may hold anything: a hash makes a name of it.
    private AppendBlobClient BlobOf(TurnKey key) => TurnKey.IsTurnId(key.TurnId)
        ? container.GetAppendBlobClient(
            $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.User)))[..32]}/{key.TurnId}{LogExtension}")
        : throw new ArgumentException("Not a turn id.", nameof(key));
}
