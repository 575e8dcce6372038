using System.Security.Cryptography;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.UiChat;

/// <summary>The chats of a client: each is a thread, of which one turn runs at a time.</summary>
internal sealed class UiChats(ThreadTurns threads, TurnService turns, StoredTurns stored)
{
    private const string OwnPrefix = "turn_";

    /// <summary>Whether this server made the id: a client chooses the ids of its chats.</summary>
    public static bool IsOwnTurnId(string turnId) => turnId.StartsWith(OwnPrefix, StringComparison.Ordinal);

    /// <summary>Finds the latest turn of a chat.</summary>
    public Task<Result<LatestTurn>> FindLatestAsync(string user, string chatId, CancellationToken cancellationToken) =>
        threads.FindLatestAsync(KeyOf(user, chatId), cancellationToken);

    /// <summary>
    /// Starts the turn of a chat, and stops the one that runs, if there is one. If that one answers the same conversation, the client has lost it and asks
    /// again: it is followed instead.
    /// </summary>
    public async Task<Result<FollowedTurn>> StartAsync(HttpContext http, UiChatRequest body)
    {
        var user = Caller.UserOf(http);
        var request = body.Turn!;
        if (body.ChatId is not { } chatId)
            return await turns.StartAsync(user, TurnKey.NewTurnId(), request, http.RequestAborted);
        var key = KeyOf(user, chatId);
        var latest = await threads.FindLatestAsync(key, http.RequestAborted);
        if (!latest.Succeeded)
            return latest.Error;
        var parent = latest.Value.Thread?.Find(body.ParentTurnId)?.TurnId;
        var position = new ThreadPosition(key, parent, latest.Value.Thread, []);
        if (latest.Value is { IsRunning: true, TurnId: { } running })
        {
            var turn = await stored.ReadAsync(new TurnKey(user, running), static (_, _) => { }, http.RequestAborted);
            if (turn.Value is { Status: TurnStatus.Running } same && same.Request.Fingerprint == request.Fingerprint)
                return await turns.FollowAsync(new TurnKey(user, running), after: 0, http.RequestAborted);
            var found = await threads.FindAsync(key, turnId: null, parent ?? ThreadPosition.Root, IfRunning.Interrupt, http.RequestAborted);
            if (!found.Succeeded)
                return found.Error;
            position = found.Value;
        }

        return await threads.StartAsync(position, TurnKey.NewTurnId(), parent is null ? request.Messages : body.Added, request, http.RequestAborted);
    }

    private static ThreadKey KeyOf(string user, string chatId) =>
        new(user, ThreadKey.IsThreadId(chatId) ? chatId : $"ui_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(chatId)).AsSpan(0, 16))}");
}
