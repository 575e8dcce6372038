using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Blobs;

/// <summary>Appends to a turn's blob, whose lease it keeps until it is disposed.</summary>
internal sealed partial class BlobTurnWriter : ITurnWriter
{
    private static readonly TimeSpan RenewalInterval = BlobTurnStore.LeaseDuration / 3;

    private readonly AppendBlobClient _blob;
    private readonly BlobClient _stop;
    private readonly StopSignal _stops;
    private readonly BlobLeaseClient _lease;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _renewing;
    private ETag? _stopsSeen;

    public BlobTurnWriter(AppendBlobClient blob, BlobClient stop, StopSignal stops, BlobLeaseClient lease, long length, TimeProvider time, ILogger logger)
    {
        _blob = blob;
        _stop = stop;
        _stops = stops;
        _lease = lease;
        _logger = logger;
        Length = length;
        _renewing = RenewAsync(time);
    }

    public long Length { get; private set; }

    internal string LeaseId => _lease.LeaseId;

    /// <summary>Writes the header; false where another writer did meanwhile.</summary>
    public async Task<bool> TryAppendFirstAsync(ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        try
        {
            await AppendAsync([header], cancellationToken);
            return true;
        }
        catch (TurnStoreException e) when (e.InnerException is RequestFailedException { Status: 412 })
        {
            return false;
        }
    }

    public async ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream(blocks.Sum(block => block.Length));
        foreach (var block in blocks)
            bytes.Write(block.Span);
        bytes.Position = 0;
        if (bytes.Length > _blob.AppendBlobMaxAppendBlockBytes)
            throw new TurnStoreException($"{bytes.Length} bytes are too many to be stored at once.");

        // Four a second while text comes: a turn's trace would be made of them.
        using var unrecorded = SuppressedTracing.Begin();
        try
        {
            await AppendAsync(bytes, cancellationToken);
            Length += bytes.Length;
        }
        catch (RequestFailedException e)
        {
            throw new TurnStoreException("The turn could not be written to its blob.", e);
        }
    }

    public async ValueTask<bool> IsStopRequestedAsync(CancellationToken cancellationToken)
    {
        var stops = await _stops.LookAsync(cancellationToken);
        if (stops == _stopsSeen)
            return false;
        if (await _stop.ExistsAsync(cancellationToken))
            return true;
        _stopsSeen = stops;
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
        await _disposed.CancelAsync();
        await _renewing;
        try
        {
            await _lease.ReleaseAsync();
        }
        catch (RequestFailedException e)
        {
            // It ends by itself soon.
            LogNotReleased(_blob.Name, e);
        }
    }

    private async Task AppendAsync(MemoryStream bytes, CancellationToken cancellationToken)
    {
        var options = new AppendBlobAppendBlockOptions
        {
            Conditions = new AppendBlobRequestConditions { LeaseId = _lease.LeaseId, IfAppendPositionEqual = Length },
        };
        try
        {
            await _blob.AppendBlockAsync(bytes, options, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            // The lease let it pass, so nobody else has written: if the end is where it should be, an answer was lost and the append sent twice.
            if (Length == 0 || (await _blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength != Length + bytes.Length)
                throw;
        }
    }

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(RenewalInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_disposed.Token))
                await TryRenewAsync();
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            // The writer is done.
        }
    }

    // A lease that is lost for good shows when the next append is refused.
    private async Task TryRenewAsync()
    {
        try
        {
            await _lease.RenewAsync(cancellationToken: _disposed.Token);
        }
        catch (RequestFailedException e)
        {
            LogNotRenewed(_blob.Name, e);
        }
    }

    [LoggerMessage(131, LogLevel.Warning, "The lease of {Blob} could not be renewed")]
    private partial void LogNotRenewed(string blob, Exception exception);

    [LoggerMessage(132, LogLevel.Warning, "The lease of {Blob} could not be released; it ends in seconds")]
    private partial void LogNotReleased(string blob, Exception exception);
}
