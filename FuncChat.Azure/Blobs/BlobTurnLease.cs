using Azure;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Blobs;

/// <summary>The lease of a turn, held under one id on its first blob and on the one that is written, and renewed until it is disposed.</summary>
internal sealed partial class BlobTurnLease : IAsyncDisposable
{
    /// <summary>A killed process leaves its turns locked for up to this long; 15 seconds is the least that storage accepts.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RenewalInterval = Duration / 3;

    // Short enough that a failed renewal is retried within the lease's life.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _renewing;
    private volatile BlobLeaseClient[] _leases;

    private BlobTurnLease(BlobLeaseClient lease, TimeProvider time, ILogger logger)
    {
        _leases = [lease];
        _time = time;
        _logger = logger;
        _renewing = RenewAsync();
    }

    public string Id => _leases[0].LeaseId;

    /// <summary>Acquires the lease; null if there is no such blob, another writer holds it, or the blob has changed.</summary>
    /// <param name="unchanged">The ETag that the blob must have; null for any.</param>
    public static async Task<BlobTurnLease?> TryAcquireAsync(
        AppendBlobClient blob, ETag? unchanged, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var lease = blob.GetBlobLeaseClient();
        return await TryAcquireAsync(lease, cancellationToken, unchanged) ? new BlobTurnLease(lease, time, logger) : null;
    }

    /// <summary>Holds another blob too. Returns false if another writer holds it.</summary>
    public async Task<bool> TryAddAsync(AppendBlobClient blob, CancellationToken cancellationToken)
    {
        var lease = blob.GetBlobLeaseClient(Id);
        if (!await TryAcquireAsync(lease, cancellationToken))
            return false;
        _leases = [.. _leases, lease];
        return true;
    }

    /// <summary>Acquires the lease again after it has expired. Returns false if another writer holds it.</summary>
    public async Task<bool> TryAcquireAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in _leases)
        {
            if (!await TryAcquireAsync(lease, cancellationToken))
                return false;
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
        await _disposed.CancelAsync();
        await _renewing;
        foreach (var lease in _leases)
            await TryAsync(token => lease.ReleaseAsync(cancellationToken: token), LogNotReleased, CancellationToken.None);
    }

    private static async Task<bool> TryAcquireAsync(BlobLeaseClient lease, CancellationToken cancellationToken, ETag? unchanged = null)
    {
        try
        {
            await lease.AcquireAsync(Duration, unchanged is null ? null : new RequestConditions { IfMatch = unchanged }, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(RenewalInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_disposed.Token))
            {
                foreach (var lease in _leases)
                {
                    // A lease that is lost shows when the next append is refused.
                    if (!await TryAsync(token => lease.RenewAsync(cancellationToken: token), LogNotRenewed, _disposed.Token))
                    {
                        await Task.Delay(RetryDelay, _time, _disposed.Token);
                        await TryAsync(token => lease.RenewAsync(cancellationToken: token), LogNotRenewed, _disposed.Token);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            // The writer is done.
        }
    }

    // The SDK's own retries end with the time-out.
    private async Task<bool> TryAsync(Func<CancellationToken, Task> call, Action<Exception> log, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await call(either.Token);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log(e);
            return false;
        }
    }

    [LoggerMessage(131, LogLevel.Warning, "A turn's lease could not be renewed")]
    private partial void LogNotRenewed(Exception exception);

    [LoggerMessage(132, LogLevel.Warning, "A turn's lease could not be released and expires in seconds")]
    private partial void LogNotReleased(Exception exception);
}
