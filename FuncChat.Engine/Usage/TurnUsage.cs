using FuncChat.Engine.Events;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Usage;

/// <summary>
/// Counts the tool runs of turns as they start, and the bytes that are stored for turns. Events that a continued turn replays were counted when they were new. <see cref="TokenMeter"/> counts
/// tokens.
/// </summary>
internal sealed partial class TurnUsage(IUsageCounter counter, QuotaOptions limits, TimeProvider time, ILogger logger)
{
    public void Count(string user, TurnEvent turnEvent)
    {
        if (turnEvent is ToolCallStartEvent)
            Add(user, UsageKind.ToolRuns, 1);
        else if (turnEvent is SearchStartEvent search)
            Add(user, UsageKind.ToolRuns, search.Queries.Count); // the work of the tool `search_web`, requested without a model
    }

    /// <summary>Counts the bytes of a turn's request, or returns an error if the user has reached the limit.</summary>
    public async Task<AppError?> AddRequestAsync(string user, long bytes)
    {
        var now = time.GetUtcNow();
        var window = UsageWindow.At(now, user, UsageKind.Bytes);
        if (limits.BytesPerDay is 0)
        {
            counter.Count(user, now, [(UsageKind.Bytes, bytes)], isLimited: false);
            return null;
        }

        if (await TryAddAsync(window, bytes) is not { } count || count - bytes < limits.BytesPerDay)
            return null;
        counter.Count(user, now, [(UsageKind.Bytes, -bytes)], isLimited: true);
        return QuotaErrors.Reached(UsageKind.Bytes, limits.BytesPerDay, window.End - now);
    }

    /// <summary>Counts bytes that are stored for a turn: its events and signals.</summary>
    public void CountBytes(string user, long bytes) => Add(user, UsageKind.Bytes, bytes);

    // The limits of a day leave room for what another instance learns a minute later.
    private void Add(string user, UsageKind kind, long amount) => counter.Count(user, time.GetUtcNow(), [(kind, amount)], isLimited: false);

    // A turn does not fail with the counter.
    private async Task<long?> TryAddAsync(UsageWindow window, long amount)
    {
        try
        {
            return await counter.AddAsync(window, amount, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotCounted(window.Kind, amount, e);
            return null;
        }
    }

    [LoggerMessage(121, LogLevel.Error, "{Amount} {Kind} of a user could not be counted")]
    private partial void LogNotCounted(UsageKind kind, long amount, Exception exception);
}
