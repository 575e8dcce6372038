using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Threads;

/// <summary>Records the ends of turns in their threads: when they end here, and otherwise when the thread is read.</summary>
internal sealed partial class ThreadSettlement(
    ThreadStorage threads, ConversationReader conversations, ThreadLimits limits, ThreadTitleWriter titles, TurnRuntime runtime, TimeProvider time,
    ILogger<ThreadSettlement> logger) : ITurnObserver
{
    // A turn is added to its thread before it starts, and may not be stored yet.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    public async Task LeftAsync(TurnKey key, TurnRequest request)
    {
        if (request is not ChatTurnRequest { ThreadId: { } threadId })
            return;
        try
        {
            if (await SettleAsync(new ThreadKey(key.User, threadId), key.TurnId, CancellationToken.None) is (var thread, { } transcript))
                await titles.WriteAsync(thread, transcript);
        }
        catch (TurnStoreException e)
        {
            // It is recorded when the thread is read.
            LogNotSettled(key.TurnId, e);
        }
    }

    /// <summary>Records the ends of those of a thread's turns that have ended, and returns the thread.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public async Task<StoredThread?> ReadAsync(ThreadKey key, CancellationToken cancellationToken)
    {
        var stored = await threads.ReadAsync(key, cancellationToken);
        var settled = false;
        foreach (var turn in stored?.Thread.Turns.Where(turn => turn.IsRunning) ?? [])
            settled |= !runtime.Live.TryGet(key.Turn(turn.TurnId), out _) && await SettleAsync(key, turn.TurnId, cancellationToken) is not null;
        return settled ? await threads.ReadAsync(key, cancellationToken) : stored;
    }

    // Null if the turn has not ended, or the thread has been deleted. A turn that was never stored, or is damaged, has no transcript.
    private async Task<(ThreadDocument Thread, TurnTranscript? Transcript)?> SettleAsync(ThreadKey key, string turnId, CancellationToken cancellationToken)
    {
        var (past, isDamaged) = await conversations.FindTurnAsync(key.Turn(turnId), cancellationToken);

        // A turn of another thread that has the same id is not the one that was added here.
        if (past?.Request.ThreadId != key.ThreadId)
            past = null;
        if (past is { Transcript.HasEnded: false })
            return null;
        long? bytes = null;
        ThreadTurn? added = null;
        if (past is not null)
        {
            // Nothing is written into a thread that is being deleted, which has stopped the turn.
            added = (await threads.ReadAsync(key, cancellationToken))?.Thread.Find(turnId);
            if (added is null)
                return null;

            var content = await threads.ReadAnyTurnAsync(key, added.ContentId, cancellationToken);
            var messages = content?.IsDamaged == true ? LastOfUser(past.Request.Messages) : content?.Messages ?? [];
            bytes = await threads.WriteTurnAsync(key, added.ContentId, new ThreadTurnContent { Messages = messages, Events = past.Transcript.Events }, cancellationToken);
        }

        var now = time.GetUtcNow();
        var stored = await threads.ChangeAsync(key, thread => thread.Find(turnId) is { } turn && (added is null || turn.ContentId == added.ContentId) ? Settled(thread, turn, past?.Transcript, isDamaged, bytes, now) : thread, cancellationToken);
        var settled = stored?.Thread.Find(turnId);
        if (added is not null && settled?.ContentId != added.ContentId)
        {
            // The thread, or the turn in it, has been deleted meanwhile.
            await threads.RemoveTurnAsync(key, added.ContentId, cancellationToken);
            return null;
        }

        if (settled is null || settled.IsRunning)
            return null;
        if (bytes is not null)
            limits.Add(key.User, bytes);
        return (stored!.Thread, past?.Transcript);
    }

    // In place of messages that are damaged: those that the turn answers.
    private static List<RawJson> LastOfUser(IReadOnlyList<RawJson> conversation) =>
        [.. conversation.Reverse().TakeWhile(message => ThreadTitle.IsOfUser(message)).Reverse()];

    private static ThreadDocument Settled(ThreadDocument thread, ThreadTurn turn, TurnTranscript? transcript, bool isDamaged, long? bytes, DateTimeOffset now)
    {
        // A damaged turn never ends, and would block its thread.
        if (transcript is null)
            return turn.IsRunning && (isDamaged || now - turn.CreatedAt > StartTimeout) ? thread.With(turn with { Status = ThreadTurnStatus.Failed, Fingerprint = null }) with { UpdatedAt = now } : thread;
        if (turn.Status == transcript.Status)
            return thread;
        var settled = turn with
        {
            Status = transcript.Status,
            EndedAt = now,
            Model = transcript.Model ?? turn.Model,
            Cost = transcript.Usage.Cost,
            Bytes = bytes ?? turn.Bytes,
            Fingerprint = null,
        };
        return thread.With(settled) with { UpdatedAt = now };
    }

    [LoggerMessage(1502, LogLevel.Error, "The end of turn {TurnId} could not be recorded in its thread, and will be when the thread is read")]
    private partial void LogNotSettled(string turnId, Exception exception);
}
