using System.Globalization;
using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// `/api/chat`: starts a turn, follows it again, stops it; the last two serve turns of all kinds.
/// </summary>
public sealed class ChatApi(ChatRequestParser parser, TurnEndpoint start, TurnService turns)
{
    /// <summary>`POST /api/chat`.</summary>
    public Task<IResult> StartAsync(HttpContext http) => start.StreamAsync(
        http, body => parser.ParseAsync(body, Caller.ToolUserOf(http), http.RequestAborted));

    /// <summary>`GET /api/chat/{turnId}`.</summary>
    public async Task<IResult> FollowAsync(HttpContext http, string turnId)
    {
        if (!TurnKey.IsTurnId(turnId))
            return new ProblemResult(NoTurnId);
        if (!TryGetAfter(http.Request, out var after))
        {
            return new ProblemResult(new AppError(
                ErrorCode.InvalidRequest, "Last-Event-ID, or ?after=, must be the id of the last event that you have, such as 7."));
        }

        var turn = await turns.FollowAsync(new TurnKey(Caller.UserOf(http), turnId), after, http.RequestAborted);
        if (!turn.Succeeded)
            return new ProblemResult(turn.Error);
        return turn.Value.Follower is { } follower ? new TurnStreamResult(turn.Value, follower) : TypedResults.NoContent();
    }

    /// <summary>`DELETE /api/chat/{turnId}`.</summary>
    public async Task<IResult> StopAsync(HttpContext http, string turnId)
    {
        if (!TurnKey.IsTurnId(turnId))
            return new ProblemResult(NoTurnId);
        return await turns.StopAsync(new TurnKey(Caller.UserOf(http), turnId), http.RequestAborted) is { } error
            ? new ProblemResult(error)
            : TypedResults.NoContent();
    }

    private static AppError NoTurnId { get; } =
        new(ErrorCode.NotFound, "There is no such turn: a turn's id has 8 to 64 letters, digits, '_' and '-'.");

    private static bool TryGetAfter(HttpRequest request, out long after)
    {
        var text = request.Query.TryGetValue("after", out var query) ? query.ToString() : request.Headers["Last-Event-ID"].ToString();
        after = 0;
        return text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after);
    }
}
