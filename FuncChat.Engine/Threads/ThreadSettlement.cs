using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Threads;

/// <summary>Records the ends of turns in their threads: when they end here, and otherwise when the thread is read.</summary>
internal sealed partial class ThreadSettlement(
    ThreadStorage threads, ConversationReader conversations, ThreadLimits limits, ThreadTitleWriter titles, TurnRuntime runtime, TurnRemoval removal,
    TimeProvider time, ILogger<ThreadSettlement> logger) : ITurnObserver
{
    /// <summary>
    /// How long a turn may take from its addition to its thread until it is stored or a process holds its lease. Later, a turn that is not stored is lost: its
    /// process has ended, or its log was removed. The clocks of two processes may differ by more than this (<see cref="LongestStart"/>).
    /// </summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may take to start a turn, by its own clock, without reading the thread again once the turn is stored.</summary>
    public static readonly TimeSpan LongestStart = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a process sees a turn that is not stored before it treats the turn as lost: the request that starts it stores it sooner, or reads the thread again.</summary>
    public static readonly TimeSpan LostDelay = TimeSpan.FromMilliseconds(500);

    public async Task LeftAsync(TurnKey key, TurnRequest request, TurnEnd? end)
    {
        if (request is not ChatTurnRequest { ThreadId: { } threadId } chat)
            return;
        try
        {
            if (await SettleAsync(new ThreadKey(key.User, threadId), key.TurnId, mayBeLost: true, new Departure(chat, end), CancellationToken.None) is (var thread, { } transcript))
                await titles.WriteAsync(thread, transcript);
        }
        catch (TurnStoreException e)
        {
            // It is recorded when the thread is read.
            LogNotSettled(key.TurnId, e);
        }
    }

    /// <summary>Records the ends of those of a thread's turns that have ended or are lost, and returns the thread.</summary>
    /// <param name="startingId">A turn that the caller starts: it is not lost.</param>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public async Task<StoredThread?> ReadAsync(ThreadKey key, CancellationToken cancellationToken, string? startingId = null)
    {
        var stored = await threads.ReadAsync(key, cancellationToken);
        var settled = false;
        foreach (var turn in stored?.Thread.Turns.Where(turn => turn.IsRunning) ?? [])
        {
            if (runtime.Live.TryGet(key.Turn(turn.TurnId), out _))
                continue;
            var mayBeLost = turn.TurnId != startingId && time.GetUtcNow() - turn.CreatedAt >= StartTimeout;
            settled |= await SettleAsync(key, turn.TurnId, mayBeLost, left: null, cancellationToken) is not null;
        }

        return settled ? await threads.ReadAsync(key, cancellationToken) : stored;
    }

    /// <summary>Ends a turn in its thread that is damaged.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public Task FailAsync(ThreadKey key, string turnId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return threads.ChangeAsync(
            key, thread => thread.Find(turnId) is { } turn ? Settled(thread, turn, transcript: null, bytes: null, now) : thread, cancellationToken);
    }

    // Null if the turn has not ended, or the thread has been deleted. A turn that is lost or damaged has no transcript, unless its end is known.
    private async Task<(ThreadDocument Thread, TurnTranscript? Transcript)?> SettleAsync(
        ThreadKey key, string turnId, bool mayBeLost, Departure? left, CancellationToken cancellationToken)
    {
        var found = await conversations.FindTurnAsync(key.Turn(turnId), cancellationToken);

        // A turn outside of the thread that has the same id is not the one that was added here.
        var past = found.Chat?.Request.ThreadId == key.ThreadId ? found.Chat : null;
        if (past is { Transcript.HasEnded: false })
            return null;

        // Followers have received the end of a turn whose log was damaged or removed meanwhile: the thread keeps their answer.
        var transcript = past?.Transcript ?? (left?.End is { } end ? TurnTranscript.OfEnd(end) : null);
        if (transcript is null && !found.IsDamaged)
        {
            if (!mayBeLost)
                return null;
            if (!found.IsStored)
                return await SettleLostAsync(key, turnId, isLeft: left is not null, cancellationToken) is { } failed ? (failed, null) : null;
        }

        long? bytes = null;
        ThreadTurn? added = null;
        if (transcript is not null)
        {
            // Nothing is written into a thread that is being deleted, which has stopped the turn.
            added = (await threads.ReadAsync(key, cancellationToken))?.Thread.Find(turnId);
            if (added is null || (left is not null && added.Fingerprint is { } other && other != left.Request.Fingerprint))
                return null;

            var content = await threads.ReadAnyTurnAsync(key, added.ContentId, cancellationToken);
            var request = past?.Request ?? left!.Request;
            var messages = content?.IsDamaged == true ? LastOfUser(request.Messages) : content?.Messages ?? [];
            bytes = await threads.WriteTurnAsync(key, added.ContentId, new ThreadTurnContent { Messages = messages, Events = transcript.Events }, cancellationToken);
        }

        var now = time.GetUtcNow();
        var stored = await threads.ChangeAsync(
            key,
            thread => thread.Find(turnId) is { } turn && (added is null || turn.ContentId == added.ContentId) ? Settled(thread, turn, transcript, bytes, now) : thread,
            cancellationToken);
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
        return (stored!.Thread, transcript);
    }

    // The request that starts the turn stores it before it reads the thread. This writes to the thread before it looks for the turn: one of them sees the other.
    private async Task<ThreadDocument?> SettleLostAsync(ThreadKey key, string turnId, bool isLeft, CancellationToken cancellationToken)
    {
        if (!isLeft)
            await Task.Delay(LostDelay, time, cancellationToken);
        if (!await removal.TryRemoveLostAsync(key.Turn(turnId), cancellationToken))
            return null;
        var now = time.GetUtcNow();
        string? fingerprint = null;
        var stored = await threads.ChangeAsync(
            key,
            thread =>
            {
                var turn = thread.Find(turnId);
                fingerprint = turn?.Fingerprint;
                return turn is null ? thread : Settled(thread, turn, transcript: null, bytes: null, now);
            },
            CancellationToken.None);
        if (stored?.Thread.Find(turnId) is not { IsLost: true })
            return null;
        if (await removal.TryRemoveLostAsync(key.Turn(turnId), CancellationToken.None))
            return stored.Thread;
        return (await threads.ChangeAsync(key, thread => Restored(thread, turnId, fingerprint), CancellationToken.None))?.Thread;
    }

    /// <summary>The thread in which a turn runs that was ended as lost. Another turn may have been added since, and takes precedence.</summary>
    internal static ThreadDocument Restored(ThreadDocument thread, string turnId, string? fingerprint) =>
        thread.Turns is [.., { IsLost: true } last] && last.TurnId == turnId
            ? thread.With(last with { Status = ThreadTurnStatus.Running, Fingerprint = fingerprint })
            : thread;

    // In place of messages that are damaged: those that the turn answers.
    private static List<RawJson> LastOfUser(IReadOnlyList<RawJson> conversation) =>
        [.. conversation.Reverse().TakeWhile(message => ThreadTitle.IsOfUser(message)).Reverse()];

    private static ThreadDocument Settled(ThreadDocument thread, ThreadTurn turn, TurnTranscript? transcript, long? bytes, DateTimeOffset now)
    {
        // A lost or damaged turn never ends, and would block its thread.
        if (transcript is null)
            return turn.IsRunning ? thread.With(turn with { Status = ThreadTurnStatus.Failed, Fingerprint = null }) with { UpdatedAt = now } : thread;
        if (turn.Status == transcript.Status && !turn.IsLost)
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

    /// <summary>A turn that no longer runs in this process, with its end if it has ended.</summary>
    private sealed record Departure(ChatTurnRequest Request, TurnEnd? End);

    [LoggerMessage(1502, LogLevel.Error, "The end of turn {TurnId} could not be recorded in its thread, and will be when the thread is read")]
    private partial void LogNotSettled(string turnId, Exception exception);
}
