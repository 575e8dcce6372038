using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Usage;

/// <summary>
/// Counts tool runs before they start, and the bytes that are stored for a user. <see cref="TokenMeter"/> counts tokens.
/// </summary>
internal sealed partial class TurnUsage(IUsageCounter counter, QuotaOptions limits, TimeProvider time, ILogger logger)
{
    /// <summary>Counts a tool run that is about to start, or returns an error if the user has reached the limit.</summary>
    public Task<AppError?> AddToolRunAsync(string user) => AddAsync(user, UsageKind.ToolRuns, 1, limits.ToolRunsPerDay);

    /// <summary>Counts the bytes of a request that is about to be stored, or returns an error if the user has reached the limit.</summary>
    public Task<AppError?> AddRequestAsync(string user, long bytes) => AddAsync(user, UsageKind.Bytes, bytes, limits.BytesPerDay);

    /// <summary>Counts bytes that are stored for a turn: its events and signals.</summary>
    public void CountBytes(string user, long bytes) => Count(user, UsageKind.Bytes, bytes);

    private async Task<AppError?> AddAsync(string user, UsageKind kind, long amount, long limit)
    {
        if (limit is 0)
        {
            Count(user, kind, amount);
            return null;
        }

        var now = time.GetUtcNow();
        var window = UsageWindow.At(now, user, kind);
        return await TryAddAsync(window, amount, limit) ? null : QuotaErrors.Reached(kind, limit, window.End - now);
    }

    // The limits of a day leave room for what another instance learns a minute later.
    private void Count(string user, UsageKind kind, long amount) => counter.Count(user, time.GetUtcNow(), [(kind, amount)], isLimited: false);

    // A turn does not fail with the counter.
    private async Task<bool> TryAddAsync(UsageWindow window, long amount, long limit)
    {
        try
        {
            return await counter.TryAddAsync(window, amount, limit, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotCounted(window.Kind, amount, e);
            return true;
        }
    }

    [LoggerMessage(121, LogLevel.Error, "{Amount} {Kind} of a user could not be counted")]
    private partial void LogNotCounted(UsageKind kind, long amount, Exception exception);
}
