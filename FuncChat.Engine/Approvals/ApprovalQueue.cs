using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Approvals;

/// <summary>The tool calls that wait for an approval. A turn's log decides whether it waits; the store only names the turns to look at.</summary>
public sealed class ApprovalQueue(IWaitingTurnStore store, TurnStorage turns, RequestMemory memory, TimeProvider time)
{
    private const int ParallelReads = 8;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    private readonly StoreCalls _calls = new("waiting turns", CallTimeout, time);

    /// <summary>Reads the calls that wait in a page of turns. A page may have none although another one follows.</summary>
    /// <param name="user">The user whose calls are read; null for those of all users.</param>
    /// <param name="limit">The most turns to look at.</param>
    /// <param name="after">The <see cref="ApprovalPage.Next"/> of the page before; null for the first page.</param>
    public Task<Result<ApprovalPage>> ListAsync(string? user, int limit, string? after, CancellationToken cancellationToken) => StoreErrors.CatchAsync<ApprovalPage>(async () =>
    {
        var page = await _calls.RunAsync(token => store.ListAsync(user, after, limit, token), cancellationToken);
        var waiting = new List<WaitingApproval>();
        foreach (var some in page.Turns.Chunk(ParallelReads))
        {
            foreach (var found in await Task.WhenAll(some.Select(key => WaitingInAsync(key, cancellationToken))))
                waiting.AddRange(found);
        }

        return new ApprovalPage([.. waiting.OrderBy(approval => approval.Request.ExpiresAt)], page.Next);
    });

    /// <summary>A turn was parked: it may wait for an approval.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    internal Task AddAsync(TurnKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.AddAsync(key, token), cancellationToken);

    /// <summary>A turn no longer exists.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    internal Task RemoveAsync(TurnKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.RemoveAsync(key, token), cancellationToken);

    /// <summary>Turns were stored this long ago for the last time: they have expired. Those that no user has listed since they ended are still in the queue.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    internal Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        _calls.RunUnlimitedAsync(token => store.RemoveOlderThanAsync(age, token), cancellationToken);

    private async Task<IReadOnlyList<WaitingApproval>> WaitingInAsync(TurnKey key, CancellationToken cancellationToken)
    {
        // Each in its turn where they are large: the turns are those of others, and may have any size.
        using var reads = memory.BeginReads(ReadLimit.Wait);
        await using var reader = await turns.OpenAsync(key, cancellationToken);
        var open = new List<ApprovalRequestEvent>();
        if (reader is null || !await TryReadAsync(reader, open, cancellationToken))
        {
            await _calls.RunAsync(token => store.RemoveAsync(key, token), cancellationToken);
            return [];
        }

        var now = time.GetUtcNow();
        return [.. open.Where(asked => asked.ExpiresAt > now).Select(asked => new WaitingApproval(key, asked))];
    }

    // Reads the events alone, and keeps none but the open requests. False if the turn has ended. One that is damaged has the requests before the damage.
    private static async Task<bool> TryReadAsync(ITurnReader reader, List<ApprovalRequestEvent> open, CancellationToken cancellationToken)
    {
        var check = new FrameCheck();
        try
        {
            if ((await reader.ReadAsync(long.MaxValue, cancellationToken)).Status == TurnStatus.Ended)
                return false;
            for (long afterId = 0; await reader.ReadAsync(afterId, cancellationToken) is { IsEmpty: false } page; afterId = page.LastId)
            {
                var frames = check.ValidPart(page, afterId).Frames;
                StoredFrames.Decode(() => AddRequests(frames, open));
            }
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // An answer to one of them finds out.
        }

        return true;
    }

    private static void AddRequests(ReadOnlyMemory<byte> frames, List<ApprovalRequestEvent> open)
    {
        foreach (var frame in StoredFrames.Split(frames))
        {
            // The others may be large.
            var name = frame.Name.Span;
            if (!name.SequenceEqual("approval_request"u8) && !name.SequenceEqual("request_answered"u8))
                continue;
            switch (TurnEventCodec.Decode(name, frame.Data.Span))
            {
                case ApprovalRequestEvent asked:
                    open.Add(asked);
                    break;
                case RequestAnsweredEvent answered:
                    open.RemoveAll(asked => asked.Id == answered.Id);
                    break;
            }
        }
    }
}

/// <summary>A tool call that waits for an approval.</summary>
public sealed record WaitingApproval(TurnKey Turn, ApprovalRequestEvent Request);

/// <summary>Some calls that wait, the one that expires first at the beginning.</summary>
/// <param name="Next">The cursor of the next page; null if this is the last.</param>
public sealed record ApprovalPage(IReadOnlyList<WaitingApproval> Approvals, string? Next);
