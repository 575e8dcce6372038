using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
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

    private readonly RunningTurns _running = new(threads, time);

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

    /// <summary>The thread that shows a turn as running; null if the turn is in none, or was added so recently that it can't be lost.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public Task<ThreadKey?> FindThreadAsync(TurnKey turn, CancellationToken cancellationToken) => _running.FindThreadAsync(turn, cancellationToken);

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

    /// <summary>Ends a turn in its thread whose log is damaged, so that it can't continue, unless a process runs it.</summary>
    /// <returns>False if a process runs it.</returns>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public async Task<bool> TryFailAsync(ThreadKey key, string turnId, CancellationToken cancellationToken)
    {
        if (await runtime.Storage.IsRunAsync(key.Turn(turnId), cancellationToken))
            return false;
        await SettleAsync(key, turnId, mayBeLost: true, left: null, cancellationToken, isDamaged: true);
        return true;
    }

    // Null if the turn has not ended, or the thread has been deleted. A turn that is lost has no transcript, nor has one that is damaged and can't be read.
    private async Task<(ThreadDocument Thread, TurnTranscript? Transcript)?> SettleAsync(
        ThreadKey key, string turnId, bool mayBeLost, Departure? left, CancellationToken cancellationToken, bool isDamaged = false)
    {
        using var reads = runtime.Memory.BeginStep();
        var found = await conversations.FindTurnAsync(key.Turn(turnId), cancellationToken);

        // A turn outside of the thread that has the same id is not the one that was added here.
        var past = found.Chat?.Request.ThreadId == key.ThreadId ? found.Chat : null;
        isDamaged |= found.IsDamaged;
        if (past is { Transcript.HasEnded: false } && !isDamaged)
            return null;

        // Its process continues to run a turn whose log is damaged meanwhile, and knows its end.
        if (isDamaged && past?.Transcript.HasEnded != true && left?.End is null && await runtime.Storage.IsRunAsync(key.Turn(turnId), cancellationToken))
            return null;
        var transcript = TranscriptOf(past?.Transcript, left?.End, isDamaged);
        if (transcript is null && !isDamaged)
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
            var known = (await threads.ReadAsync(key, cancellationToken))?.Thread;
            added = known?.Find(turnId);
            if (added is null || (left is not null && added.Fingerprint is { } other && other != left.Request.Fingerprint))
                return null;
            if (added is { IsRunning: false, IsLost: false })
                return added.Status == transcript.Status ? (known!, transcript) : null;

            var content = await threads.ReadAnyTurnAsync(key, added.ContentId, cancellationToken);
            var request = past?.Request ?? left!.Request;
            var messages = content?.IsDamaged == true ? LastOfUser(request.Messages) : content?.Messages ?? [];
            bytes = await threads.WriteTurnAsync(key, added.ContentId, new ThreadTurnContent { Messages = messages, Events = transcript.Events }, cancellationToken);
        }

        var now = time.GetUtcNow();
        var isEndKnown = past?.Transcript.HasEnded == true || left?.End is not null;
        var stored = await threads.ChangeAsync(
            key,
            thread => thread.Find(turnId) is { } turn && (added is null || turn.ContentId == added.ContentId)
                ? Settled(thread, turn, transcript, bytes, now, isEndKnown)
                : thread,
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
        if (bytes is { } size)
            limits.Add(key.User, size);
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
        ThreadTurn? ended = null;
        var stored = await threads.ChangeAsync(
            key,
            thread =>
            {
                // Another process that ends it at the same time knows its fingerprint, and restores it if need be.
                ended = thread.Find(turnId) is { IsRunning: true } turn ? turn : null;
                return ended is null ? thread : Settled(thread, ended, transcript: null, bytes: null, now);
            },
            CancellationToken.None);
        if (stored is null || ended is null)
            return stored?.Thread;
        if (await removal.TryRemoveLostAsync(key.Turn(turnId), CancellationToken.None))
            return stored.Thread;
        return (await threads.ChangeAsync(key, thread => Restored(thread, turnId, ended.Fingerprint), CancellationToken.None))?.Thread;
    }

    /// <summary>The thread in which a turn runs that was ended as lost. Another turn may have been added since, and takes precedence.</summary>
    internal static ThreadDocument Restored(ThreadDocument thread, string turnId, string? fingerprint) =>
        thread.Turns is [.., { IsLost: true } last] && last.TurnId == turnId
            ? thread.With(last with { Status = ThreadTurnStatus.Running, Fingerprint = fingerprint })
            : thread;

    // Followers have received the end of a turn whose log was damaged or removed meanwhile: the thread keeps their answer, or what can be read of it.
    private static TurnTranscript? TranscriptOf(TurnTranscript? stored, TurnEnd? end, bool isDamaged) =>
        stored is { HasEnded: true } ? stored
        : end is { Last: CompleteEvent } || (end is not null && stored is null) ? TurnTranscript.OfEnd(end)
        : isDamaged ? stored?.EndedBy(end?.Last ?? ErrorEvent.Of(TurnErrors.Damaged))
        : null;

    // In place of messages that are damaged: those that the turn answers.
    private static List<RawJson> LastOfUser(IReadOnlyList<RawJson> conversation) =>
        [.. conversation.Reverse().TakeWhile(message => ThreadTitle.IsOfUser(message)).Reverse()];

    private static ThreadDocument Settled(ThreadDocument thread, ThreadTurn turn, TurnTranscript? transcript, long? bytes, DateTimeOffset now, bool isEndKnown = false)
    {
        // A lost or damaged turn never ends, and would block its thread.
        if (transcript is null)
            return turn.IsRunning ? thread.With(turn with { Status = ThreadTurnStatus.Failed, Fingerprint = null }) with { UpdatedAt = now } : thread;
        if (turn is { IsRunning: false, IsLost: false })
            return thread;
        var settled = turn with
        {
            Status = transcript.Status,
            EndedAt = isEndKnown ? now : null,
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
