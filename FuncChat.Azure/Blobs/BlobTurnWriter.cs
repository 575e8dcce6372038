using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Blobs;

/// <summary>
/// Appends to a turn's blobs. Each append states where the blob must end: what a writer that lost its lease still sends is refused. An append is stored
/// whole or not at all, so a crash leaves no torn tail.
/// </summary>
internal sealed partial class BlobTurnWriter(
    Func<int, AppendBlobClient> segmentAt, int maxBlocks, BlobTurnLease lease, TimeProvider time, ILogger logger) : ITurnWriter
{
    // A store that is away for less than this costs a turn nothing but the wait.
    private static readonly TimeSpan OutageTolerance = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(2);
    private const string AttemptsKey = "attempts";

    private int _segment;
    private long _length;
    private int _blocks;
    private ReadOnlyMemory<byte> _header; // not stored yet
    private (long ProgressId, int Attempts)? _counted;
    private bool _disposed;

    public long LastEventId { get; private set; }

    internal string LeaseId => lease.Id;

    private AppendBlobClient Blob => segmentAt(_segment);

    /// <summary>Finds the end of the turn, and holds the lease of its last blob. Returns false if the turn has no header or another writer holds it.</summary>
    public async Task<bool> TryContinueAsync(CancellationToken cancellationToken)
    {
        await using var reader = await BlobTurnReader.TryOpenAsync(segmentAt, maxBlocks, time, cancellationToken);
        if (reader is null)
            return false;
        LastEventId = (await reader.ReadAsync(long.MaxValue, cancellationToken)).LastId;
        (_segment, _length, _blocks) = (reader.LastSegment, reader.LastSegmentLength, reader.LastSegmentBlocks);
        return _segment == 0 || await lease.TryAddAsync(Blob, cancellationToken);
    }

    /// <summary>Writes the header; false if another writer did meanwhile.</summary>
    public async Task<bool> TryWriteHeaderAsync(ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        try
        {
            using var bytes = new MemoryStream(header.Length);
            bytes.Write(header.Span);
            await AppendOnceAsync(bytes, cancellationToken);
            return true;
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.LeaseLost)
        {
            return false;
        }
    }

    /// <summary>Stores the header together with the first events, or when the writer is disposed.</summary>
    public void KeepHeader(ReadOnlyMemory<byte> header) => _header = header;

    public async ValueTask AppendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (batch.AfterId != LastEventId)
            throw LeaseLost(null);
        using var bytes = new MemoryStream(_header.Length + batch.Blocks.Sum(block => block.Length));
        bytes.Write(_header.Span);
        _header = default; // not even stored at the end if this fails: the client is notified that there is no turn
        foreach (var block in batch.Blocks)
            bytes.Write(block.Span);
        if (bytes.Length == 0)
            return;
        if (bytes.Length > Blob.AppendBlobMaxAppendBlockBytes)
            throw new TurnStoreException(TurnStoreFailure.Unavailable, $"{bytes.Length} bytes are too many for one append.");

        // One a second while text is streamed: a turn's trace would consist of them.
        using var unrecorded = SuppressedTracing.Begin();
        await StoreAsync(bytes, cancellationToken);
        LastEventId = batch.LastId;
    }

    public async ValueTask<int> CountAttemptAsync(long progressId, CancellationToken cancellationToken)
    {
        var metadata = (await segmentAt(0).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.Metadata;
        var attempts = metadata.TryGetValue(AttemptsKey, out var text) && text.Split('-') is [var at, var count]
            && at == progressId.ToString(CultureInfo.InvariantCulture)
            ? int.Parse(count, CultureInfo.InvariantCulture) + 1
            : 1;
        await SetAttemptsAsync(progressId, attempts, cancellationToken);
        _counted = (progressId, attempts);
        return attempts;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        using var timeout = new CancellationTokenSource(DisposeTimeout, time);
        await StoreKeptHeaderAsync(timeout.Token);
        await EndAttemptAsync(timeout.Token);
        await lease.DisposeAsync();
    }

    private async Task StoreKeptHeaderAsync(CancellationToken cancellationToken)
    {
        if (_header.IsEmpty)
            return;
        try
        {
            if (!await TryWriteHeaderAsync(_header, cancellationToken))
                LogNotCreated(null);
        }
        catch (Exception e)
        {
            LogNotCreated(e);
        }
    }

    // Otherwise, the turn counts as an attempt whose process died.
    private async Task EndAttemptAsync(CancellationToken cancellationToken)
    {
        if (_counted is not var (progressId, attempts))
            return;
        try
        {
            await SetAttemptsAsync(progressId, attempts - 1, cancellationToken);
        }
        catch (Exception e)
        {
            LogNotCounted(e);
        }
    }

    private static TurnStoreException LeaseLost(Exception? cause) =>
        new(TurnStoreFailure.LeaseLost, "Another writer holds the turn's lease, or has appended to it.", cause);

    private static bool MayPass(Exception failure) => failure switch
    {
        TurnStoreException => false,
        RequestFailedException { Status: >= 400 and < 500 and not 408 and not 429 } => false,
        _ => true,
    };

    private static bool IsLeaseExpired(RequestFailedException failure) =>
        failure.ErrorCode == BlobErrorCode.LeaseLost || failure.ErrorCode == BlobErrorCode.LeaseNotPresentWithBlobOperation
        || failure.ErrorCode == BlobErrorCode.LeaseIdMismatchWithBlobOperation;

    private Task SetAttemptsAsync(long progressId, int attempts, CancellationToken cancellationToken) => segmentAt(0).SetMetadataAsync(
        new Dictionary<string, string> { [AttemptsKey] = FormattableString.Invariant($"{progressId}-{attempts}") },
        new BlobRequestConditions { LeaseId = lease.Id },
        cancellationToken);

    private async Task StoreAsync(MemoryStream bytes, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (_blocks >= maxBlocks)
                    await StartSegmentAsync(cancellationToken);
                await AppendOnceAsync(bytes, cancellationToken);
                return;
            }
            catch (Exception e) when (MayPass(e) && !cancellationToken.IsCancellationRequested && time.GetElapsedTime(started) < OutageTolerance)
            {
                LogRetried(e);
            }

            await Task.Delay(RetryInterval, time, cancellationToken);
        }
    }

    private async Task AppendOnceAsync(MemoryStream bytes, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(bytes, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            // Our lease let it pass, so no one else has written: at the expected end, an answer was lost and the append sent twice.
            if (!await IsStoredAsync(bytes, await LengthAsync(cancellationToken), cancellationToken))
                throw LeaseLost(e);
        }
        catch (RequestFailedException e) when (IsLeaseExpired(e))
        {
            if (!await lease.TryAcquireAgainAsync(cancellationToken))
                throw LeaseLost(e);
            var length = await LengthAsync(cancellationToken);
            if (length == _length)
                await SendAsync(bytes, cancellationToken);
            else if (!await IsStoredAsync(bytes, length, cancellationToken))
                throw LeaseLost(e);
        }

        _length += bytes.Length;
        _blocks++;
    }

    private async Task SendAsync(MemoryStream bytes, CancellationToken cancellationToken)
    {
        bytes.Position = 0;
        var options = new AppendBlobAppendBlockOptions
        {
            Conditions = new AppendBlobRequestConditions { LeaseId = lease.Id, IfAppendPositionEqual = _length },
        };
        await Blob.AppendBlockAsync(bytes, options, cancellationToken);
    }

    // Another writer may have created the turn and released it before this one had its lease: the start of the blob is compared.
    private async Task<bool> IsStoredAsync(MemoryStream bytes, long length, CancellationToken cancellationToken) =>
        length == _length + bytes.Length
        && (_length > 0 || (await Blob.DownloadContentAsync(cancellationToken)).Value.Content.ToMemory().Span.SequenceEqual(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));

    private async Task<long> LengthAsync(CancellationToken cancellationToken) =>
        (await Blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;

    // The blob has as many blocks as it can take.
    private async Task StartSegmentAsync(CancellationToken cancellationToken)
    {
        var next = segmentAt(_segment + 1);
        await next.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        if (!await lease.TryAddAsync(next, cancellationToken))
            throw LeaseLost(null);
        (_segment, _length, _blocks) = (_segment + 1, 0, 0);
    }

    [LoggerMessage(133, LogLevel.Warning, "Events of a turn could not be stored yet; this is retried")]
    private partial void LogRetried(Exception exception);

    [LoggerMessage(134, LogLevel.Warning, "A turn's orderly end could not be recorded")]
    private partial void LogNotCounted(Exception exception);

    [LoggerMessage(135, LogLevel.Warning, "A turn that has no event yet could not be stored, or another instance has stored one with its id")]
    private partial void LogNotCreated(Exception? exception);
}
