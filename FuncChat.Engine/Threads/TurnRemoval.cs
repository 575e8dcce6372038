using FuncChat.Engine.Approvals;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Threads;

/// <summary>Removes turns with all that they left in the stores: the log, the signals, and the journals of their tool runs.</summary>
public sealed partial class TurnRemoval(
    TurnStorage storage, IEnumerable<IToolRunStore> toolRuns, ApprovalQueue approvals, RequestMemory memory, TimeProvider time, ILogger<TurnRemoval> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Stops a turn if it has not ended, and removes it. One that is damaged does not run, and the journals of its tool runs expire.</summary>
    /// <param name="turns">Of the request's scope: stopping a turn may continue it first.</param>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    public async Task<AppError?> RemoveAsync(TurnService turns, TurnKey key, CancellationToken cancellationToken)
    {
        if (await turns.StopAsync(key, cancellationToken) is { Code: not ErrorCode.NotFound } notStopped && notStopped != TurnErrors.Damaged && await ExistsAsync(key, cancellationToken))
            return notStopped;
        var started = time.GetTimestamp();
        while (true)
        {
            // Read again each time: another instance may still append to it.
            var runs = await RunsOfAsync(key, cancellationToken);
            if (await RemoveLogAsync(key, cancellationToken))
            {
                foreach (var run in runs)
                    await RemoveRunAsync(run, cancellationToken);
                await approvals.RemoveAsync(key, cancellationToken);
                return null;
            }

            if (time.GetElapsedTime(started) >= Timeout)
                return ThreadErrors.NotRemoved;
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>Removes what is left of a turn whose log is missing or has no header.</summary>
    /// <returns>False if a process is starting or running the turn, or the store failed and can't tell.</returns>
    public async Task<bool> TryRemoveLostAsync(TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (await ExistsAsync(key, cancellationToken) || !await storage.RemoveAsync(key, cancellationToken))
                return false;
            await approvals.RemoveAsync(key, cancellationToken);
            return true;
        }
        catch (TurnStoreException e)
        {
            LogNotKnown(key.TurnId, e);
            return false;
        }
    }

    // Another request may remove the turn at the same moment, and a call of this one then finds half of it.
    private async Task<bool> RemoveLogAsync(TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await storage.RemoveAsync(key, cancellationToken);
        }
        catch (TurnStoreException)
        {
            if (await ExistsAsync(key, cancellationToken))
                throw;
            return true;
        }
    }

    private async Task<bool> ExistsAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await using var reader = await storage.OpenAsync(key, cancellationToken);
        return reader is not null;
    }

    // Each answer to a question of a tool, and each raise of a budget for it, is followed by another run of the call.
    private async Task<IReadOnlyList<string>> RunsOfAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var requests = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            using var reads = memory.BeginReads(ReadLimit.Wait);
            await using var reader = await storage.OpenAsync(key, cancellationToken);
            var lastId = 0L;
            while (reader is not null && await reader.ReadAsync(lastId, cancellationToken) is { IsEmpty: false } page)
            {
                lastId = page.LastId;
                StoredFrames.Decode(() => CountRequests(page.Frames, requests));
            }
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // The journals of the remaining runs expire.
        }

        return [.. requests.SelectMany(call => Enumerable.Range(0, call.Value + 1).Select(attempt => ToolRunSpec.IdOf(key, call.Key, attempt)))];
    }

    // The requests of each call's runs, by the id of the call.
    private static void CountRequests(ReadOnlyMemory<byte> frames, Dictionary<string, int> requests)
    {
        foreach (var frame in StoredFrames.Split(frames))
        {
            var name = frame.Name.Span;

            // The others may be large.
            var counted = name.SequenceEqual("tool_call_start"u8) || name.SequenceEqual("input_request"u8) || name.SequenceEqual("budget_request"u8)
                ? TurnEventCodec.Decode(name, frame.Data.Span)
                : null;
            if (counted is ToolCallStartEvent { Id: { } started })
                requests.TryAdd(started, 0);
            else if (counted is InputRequestEvent { CallId: { } asking })
                requests[asking] = requests.GetValueOrDefault(asking) + 1;
            else if (counted is BudgetRequestEvent { CallId: { } waiting })
                requests[waiting] = requests.GetValueOrDefault(waiting) + 1;
        }
    }

    private async Task RemoveRunAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var store in toolRuns)
                await store.RemoveAsync(runId, cancellationToken);
        }
        catch (Exception e) when (e is not TurnStoreException && !cancellationToken.IsCancellationRequested)
        {
            throw new TurnStoreException(TurnStoreFailure.Unavailable, "The store of tool runs failed: " + e.Message, e);
        }
    }

    [LoggerMessage(1511, LogLevel.Warning, "The store failed while it was checked whether turn {TurnId} is lost. It is checked again when its thread is read")]
    private partial void LogNotKnown(string turnId, Exception exception);
}
