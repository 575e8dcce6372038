using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Blobs;

/// <summary>Keeps turns in append blobs: `{user's hash}/{turn id}.log`. Any number of instances may share the container.</summary>
public sealed class BlobTurnStore : ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
{
    // An append blob takes 50,000 blocks.
    private const int MaxBlocks = 49_000;
    private const string ProbeName = "health";

    private static readonly AppendBlobCreateOptions IfAbsent = new() { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } };

    private readonly BlobContainerClient _container;
    private readonly TimeProvider _time;
    private readonly ILogger<BlobTurnStore> _logger;
    private readonly BlobSignals _signals;

    public BlobTurnStore(BlobContainerClient container, TimeProvider time, ILogger<BlobTurnStore> logger)
    {
        _container = container;
        _time = time;
        _logger = logger;
        _signals = new BlobSignals(container);
    }

    public bool IsWriteBehind => true;

    /// <summary>The blocks after which a turn continues in another blob.</summary>
    internal int BlocksPerSegment { get; init; } = MaxBlocks;

    public Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) =>
        CreateAsync(key, writer => writer.TryWriteHeaderAsync(header, cancellationToken), cancellationToken);

    public Task<ITurnWriter?> BeginAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) => CreateAsync(
        key,
        writer =>
        {
            writer.KeepHeader(header);
            return Task.FromResult(true);
        },
        cancellationToken);

    public Task<ITurnWriter?> TryAcquireAsync(TurnKey key, CancellationToken cancellationToken) =>
        WithLeaseAsync(BlobTurnNames.Of(key), unchanged: null, writer => writer.TryContinueAsync(cancellationToken), cancellationToken);

    public async Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken) =>
        await BlobTurnReader.TryOpenAsync(SegmentsOf(BlobTurnNames.Of(key)), BlocksPerSegment, _time, cancellationToken);

    public async Task SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken)
    {
        var names = BlobTurnNames.Of(key);
        var turn = SegmentsOf(names)(0);
        try
        {
            var (isSent, exists) = (false, true);
            while (!isSent && exists)
            {
                isSent = await _signals.TrySendAsync(names, signal, cancellationToken);
                exists = await turn.TryGetPropertiesAsync(cancellationToken) is not null;
            }

            // After sending: the turn may be removed at the same time, and a later one must not receive its signals.
            if (!exists)
                await _container.DeleteBlobIfExistsAsync(names.Signals, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // There was no turn yet.
        }
    }

    public ITurnInbox Open(TurnKey key) => _signals.Open(BlobTurnNames.Of(key));

    public async Task MarkFollowedAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var names = BlobTurnNames.Of(key);
        if (await SegmentsOf(names)(0).TryGetPropertiesAsync(cancellationToken) is not null)
            await _container.GetBlobClient(names.Followed).UploadAsync(BinaryData.Empty, overwrite: true, cancellationToken);
    }

    public async Task<string?> FollowedMarkAsync(TurnKey key, CancellationToken cancellationToken) =>
        (await _container.GetBlobClient(BlobTurnNames.Of(key).Followed).TryGetPropertiesAsync(cancellationToken))?.ETag.ToString();

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        new BlobTurnExpiry(_container).RemoveOlderThanAsync(age, cancellationToken);

    public Task<bool> RemoveAsync(TurnKey key, CancellationToken cancellationToken) =>
        new BlobTurnExpiry(_container).RemoveAsync(BlobTurnNames.Of(key), cancellationToken);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(ProbeName);
        await _container.EnsuredAsync(() => blob.UploadAsync(BinaryData.FromString("ok"), overwrite: true, cancellationToken), cancellationToken);
        await blob.DownloadContentAsync(cancellationToken);
    }

    private async Task<ITurnWriter?> CreateAsync(TurnKey key, Func<BlobTurnWriter, Task<bool>> prepare, CancellationToken cancellationToken)
    {
        var names = BlobTurnNames.Of(key);

        // While it is empty: another request may create the turn and even end it meanwhile.
        return await CreateEmptyAsync(SegmentsOf(names)(0), cancellationToken) is { } empty ? await WithLeaseAsync(names, empty, prepare, cancellationToken) : null;
    }

    private async Task<ITurnWriter?> WithLeaseAsync(
        BlobTurnNames names, ETag? unchanged, Func<BlobTurnWriter, Task<bool>> prepare, CancellationToken cancellationToken)
    {
        var segments = SegmentsOf(names);
        if (await BlobTurnLease.TryAcquireAsync(segments(0), unchanged, _time, _logger, cancellationToken) is not { } lease)
            return null;
        var writer = new BlobTurnWriter(segments, BlocksPerSegment, lease, _time, _logger);
        var prepared = false;
        try
        {
            prepared = await prepare(writer);
            return prepared ? writer : null;
        }
        finally
        {
            if (!prepared)
                await writer.DisposeAsync();
        }
    }

    // The ETag of an empty blob, which was created just now, or by a process that got no further; null if it is not empty.
    private async Task<ETag?> CreateEmptyAsync(AppendBlobClient blob, CancellationToken cancellationToken)
    {
        ETag? created = null;
        try
        {
            await _container.EnsuredAsync(async () => created = (await blob.CreateAsync(IfAbsent, cancellationToken)).Value.ETag, cancellationToken);
            return created;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return await blob.TryGetPropertiesAsync(cancellationToken) is { ContentLength: 0, ETag: var existing } ? existing : null;
        }
    }

    private Func<int, AppendBlobClient> SegmentsOf(BlobTurnNames names) => number => _container.GetAppendBlobClient(names.Segment(number));
}
