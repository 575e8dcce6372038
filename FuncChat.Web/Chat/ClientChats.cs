using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Chat;

/// <summary>A turn that a client starts in a chat of its own, whose whole conversation it sends.</summary>
/// <param name="ChatId">The client's id of the chat; null if it has none.</param>
internal sealed record ClientTurn(string? ChatId, ChatTurnRequest Request)
{
    /// <summary>The id of the turn; null for a new one.</summary>
    public string? TurnId { get; init; }

    /// <summary>The turn that the conversation names as its last; null if it names none.</summary>
    public string? ParentTurnId { get; init; }

    /// <summary>The messages after that turn.</summary>
    public IReadOnlyList<RawJson> Added { get; init; } = [];

    /// <summary>The error if the chat waits for a person; null to stop the turn that waits.</summary>
    public AppError? WaitsError { get; init; }

    /// <summary>The turn that the client cancels, and that is stopped though it waits; null if there is none.</summary>
    public string? CancelledTurnId { get; init; }
}

/// <summary>The chats of clients that name them: each is a thread, of which one turn runs at a time.</summary>
internal sealed class ClientChats(ThreadTurns threads, TurnService turns, StoredTurns stored)
{
    // Each attempt fails only because another turn of the chat has started meanwhile.
    private const int MaxAttempts = 20;

    private static AppError NotInChat { get; } = new(ErrorCode.NotFound, "The chat has no such turn. It may have expired.");

    /// <summary>Finds the latest turn of a chat.</summary>
    public Task<Result<LatestTurn>> FindLatestAsync(string user, string chatId, CancellationToken cancellationToken) =>
        threads.FindLatestAsync(KeyOf(user, chatId), cancellationToken);

    /// <summary>
    /// Starts the turn, and stops the one that runs in its chat, if there is one. If that one answers the same conversation, the client has lost it and asks
    /// again: it is followed instead. That holds for a turn that starts at the same time, too.
    /// </summary>
    public async Task<Result<FollowedTurn>> StartAsync(HttpContext http, ClientTurn turn)
    {
        var user = Caller.UserOf(http);
        var turnId = turn.TurnId ?? TurnKey.NewTurnId();
        if (turn.ChatId is not { } chatId)
            return await turns.StartAsync(user, turnId, turn.Request, http.RequestAborted);
        var key = KeyOf(user, chatId);
        for (var attempt = 1; ; attempt++)
        {
            var latest = await threads.FindLatestAsync(key, http.RequestAborted);
            if (!latest.Succeeded)
                return latest.Error;
            var parent = latest.Value.Thread?.Find(turn.ParentTurnId)?.TurnId;
            var position = new ThreadPosition(key, parent, latest.Value.Thread, []) { IfRunning = IfRunning.Interrupt };
            if (latest.Value is { IsRunning: true, TurnId: { } running } && running != turnId)
            {
                var other = await stored.ReadAsync(new TurnKey(user, running), static (_, _) => { }, http.RequestAborted);
                if (other.Error is { Code: ErrorCode.RateLimited or ErrorCode.Unavailable } later)
                    return later; // it may be the same turn
                if (other.Value is { Status: TurnStatus.Running } same && same.Request.Fingerprint == turn.Request.Fingerprint)
                    return await turns.FollowAsync(new TurnKey(user, running), after: 0, http.RequestAborted);
                if (other.Value is { Status: TurnStatus.Parked } && running != turn.CancelledTurnId && turn.WaitsError is { } waits)
                    return waits;
                var found = await threads.FindAsync(key, turnId: null, parent ?? ThreadPosition.Root, IfRunning.Interrupt, http.RequestAborted);
                if (!found.Succeeded)
                    return found.Error;
                position = found.Value;
            }

            var started = await threads.StartAsync(position, turnId, parent is null ? turn.Request.Messages : turn.Added, turn.Request, http.RequestAborted);
            if (started.Succeeded || !position.IsOvertaken(started.Error) || attempt == MaxAttempts)
                return started;
        }
    }

    /// <summary>Reads the turn that the client answers.</summary>
    /// <param name="chatId">The client's id of the chat; null if it has none.</param>
    /// <returns>The turn, or an error if the turn belongs to another chat or has not asked.</returns>
    public async Task<Result<StoredTurn>> FindAnsweredAsync(HttpContext http, string? chatId, string turnId, AnsweredPoint point)
    {
        var user = Caller.UserOf(http);
        var turn = await stored.ReadAsync(new TurnKey(user, turnId), point.Apply, http.RequestAborted);
        if (!turn.Succeeded)
            return turn;
        if (chatId is not null && turn.Value.Request is ChatTurnRequest { ThreadId: { } threadId } && threadId != KeyOf(user, chatId).ThreadId)
            return NotInChat;

        // The events of a turn that runs may not be stored yet.
        return turn.Value.Status == TurnStatus.Ended && !point.IsAsked ? RequestErrors.NoSuchRequest
            : turn.Value.Status == TurnStatus.Ended && point.IsOpen ? RequestErrors.Dismissed
            : turn.Value.Request is not ChatTurnRequest ? ChatErrors.NotAChat
            : turn;
    }

    private static ThreadKey KeyOf(string user, string chatId) =>
        new(user, ThreadKey.IsThreadId(chatId) ? chatId : HashedId.Of("chat_", chatId));
}
