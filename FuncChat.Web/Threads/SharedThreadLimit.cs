using System.Threading.RateLimiting;
using FuncChat.Engine;

namespace FuncChat.Web.Threads;

/// <summary>Limits the requests of people who have not signed in, for each link and on each instance.</summary>
internal sealed class SharedThreadLimit : IDisposable
{
    private const int PerMinute = 300;

    // Links share a bucket now and then, so that made-up links use no memory.
    private const int Buckets = 256;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, int>(shareId =>
        RateLimitPartition.GetFixedWindowLimiter(
            (int)((uint)string.GetHashCode(shareId, StringComparison.Ordinal) % Buckets),
            _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Counts a request, and returns an error if the limit is reached.</summary>
    public AppError? TryCount(string shareId)
    {
        using var lease = _limiter.AttemptAcquire(shareId);
        return lease.IsAcquired ? null : new AppError(ErrorCode.RateLimited, "Too many people are opening this link. Try again in a minute.")
        {
            Limit = "shared_per_minute",
            Retryable = true,
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1),
        };
    }

    public void Dispose() => _limiter.Dispose();
}
