using Azure.Storage.Blobs;
using FuncChat.Azure.Blobs;
using FuncChat.Engine.Approvals;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Approvals;

/// <summary>Keeps the turns that wait for approvals in blobs: `approvals/{user's hash}.{turn id}.json` in the container of the threads.</summary>
public sealed class BlobWaitingTurnStore(BlobContainerClient container) : IWaitingTurnStore
{
    private const string Prefix = "approvals/";

    public Task AddAsync(TurnKey key, CancellationToken cancellationToken) => container.EnsuredAsync(
        () => BlobOf(key).UploadAsync(BinaryData.FromBytes(WaitingTurnName.Write(key)), overwrite: true, cancellationToken), cancellationToken);

    public Task RemoveAsync(TurnKey key, CancellationToken cancellationToken) => BlobOf(key).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        container.RemoveOlderThanAsync(Prefix, age, "expired turns of the approvals", cancellationToken);

    public async Task<WaitingTurnPage> ListAsync(string? user, string? after, int limit, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var blob in container.ListAsync(Prefix + (user is null ? "" : WaitingTurnName.PrefixOf(user)), cancellationToken: cancellationToken))
        {
            // Blobs are listed in the order of their names.
            if (string.CompareOrdinal(blob.Name[Prefix.Length..], after) <= 0)
                continue;
            names.Add(blob.Name);
            if (names.Count > limit)
                break;
        }

        var turns = await Task.WhenAll(names.Take(limit).Select(name => ReadAsync(name, cancellationToken)));
        return new WaitingTurnPage([.. turns.OfType<TurnKey>()], names.Count > limit ? names[limit - 1][Prefix.Length..] : null);
    }

    // Null if it was removed meanwhile.
    private async Task<TurnKey?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await container.GetBlobClient(name).TryDownloadAsync(cancellationToken) is { } blob ? WaitingTurnName.TryRead(name[Prefix.Length..], blob.Content.ToMemory().Span) : null;

    private BlobClient BlobOf(TurnKey key) => container.GetBlobClient(Prefix + WaitingTurnName.Of(key));
}
