using FuncChat.Engine.Approvals;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Removes turns with all that they left in the stores: the log, the signals, and the journals of their tool runs.</summary>
public sealed class TurnRemoval(TurnStorage storage, ConversationReader conversations, IEnumerable<IToolRunStore> toolRuns, ApprovalQueue approvals, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Stops a turn if it has not ended, and removes it. One that is damaged does not run, and the journals of its tool runs expire.</summary>
    /// <param name="turns">Of the request's scope: stopping a turn may continue it first.</param>
    /// <exception cref="TurnStoreException">A store failed.</exception>
    public async Task<AppError?> RemoveAsync(TurnService turns, TurnKey key, CancellationToken cancellationToken)
    {
        if (await turns.StopAsync(key, cancellationToken) is { Code: not ErrorCode.NotFound } notStopped && notStopped != TurnErrors.Damaged)
            return notStopped;
        var started = time.GetTimestamp();
        while (true)
        {
            // Read again each time: another instance may still append to it.
            var runs = await RunsOfAsync(key, cancellationToken);
            if (await storage.RemoveAsync(key, cancellationToken))
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

    // Each answer to a question of a tool, and each raise of a budget for it, is followed by another run of the call.
    private async Task<IReadOnlyList<string>> RunsOfAsync(TurnKey key, CancellationToken cancellationToken)
    {
        if ((await conversations.FindTurnAsync(key, cancellationToken)).Turn is not { } turn)
            return [];
        var requests = turn.Transcript.Events.Count(each => each.Type is "input_request" or "budget_request");
        var calls = turn.Transcript.Events.Where(each => each.Type == "tool_call_start").Select(each => IdOf(each.Data)).OfType<string>();
        return [.. calls.Distinct(StringComparer.Ordinal).SelectMany(call => Enumerable.Range(0, requests + 1).Select(attempt => ToolRunSpec.IdOf(key, call, attempt)))];
    }

    private static string? IdOf(RawJson data)
    {
        using var document = System.Text.Json.JsonDocument.Parse(data.Utf8);
        return document.RootElement.TryGetProperty("id", out var id) ? id.GetString() : null;
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
}
