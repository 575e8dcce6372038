using System.Globalization;
using FuncChat.Engine;
using FuncChat.Engine.Log;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Chat;

/// <summary>`/api/chat`: starts a turn, follows it again, stops it. Hosts call it with the runner that tools are to run on.</summary>
public sealed class ChatApi(ChatRequestParser parser, RequestBody bodies, TurnService turns)
{
    /// <summary>`POST /api/chat`.</summary>
    public async Task<IResult> StartAsync(HttpContext http, IToolRunner runner)
    {
        var body = await bodies.ReadJsonAsync(http.Request);
        if (body.Problem is not null)
            return body.Problem;
        var request = parser.Parse(body.Bytes);
        if (!request.Succeeded)
            return new ProblemResult(request.Error);
        return ResultOf(await turns.StartAsync(
            Caller.UserOf(http), request.Value.TurnId, request.Value.Turn, runner, http.RequestAborted));
    }

    /// <summary>`GET /api/chat/{turnId}`.</summary>
    public async Task<IResult> FollowAsync(HttpContext http, string turnId, IToolRunner runner)
    {
        if (!TurnKey.IsTurnId(turnId))
            return new ProblemResult(NoTurnId);
        if (!TryGetAfter(http.Request, out var after))
        {
            return new ProblemResult(new ChatError(
                ErrorCode.InvalidRequest, "Last-Event-ID, or ?after=, must be the id of the last event that you have, such as 7."));
        }

        return ResultOf(await turns.FollowAsync(new TurnKey(Caller.UserOf(http), turnId), after, runner, http.RequestAborted));
    }

    /// <summary>`DELETE /api/chat/{turnId}`.</summary>
    public async Task<IResult> StopAsync(HttpContext http, string turnId, IToolRunner runner)
    {
        if (!TurnKey.IsTurnId(turnId))
            return new ProblemResult(NoTurnId);
        return await turns.StopAsync(new TurnKey(Caller.UserOf(http), turnId), runner, http.RequestAborted) is { } error
            ? new ProblemResult(error)
            : TypedResults.NoContent();
    }

    private static ChatError NoTurnId { get; } =
        new(ErrorCode.NotFound, "There is no such turn: a turn's id has 8 to 64 letters, digits, '_' and '-'.");

    private static IResult ResultOf(Attempt<FollowedTurn> turn)
    {
        if (!turn.Succeeded)
            return new ProblemResult(turn.Error);
        return turn.Value.Follower is { } follower ? new TurnStreamResult(turn.Value, follower) : TypedResults.NoContent();
    }

    private static bool TryGetAfter(HttpRequest request, out long after)
    {
        var text = request.Query.TryGetValue("after", out var query) ? query.ToString() : request.Headers["Last-Event-ID"].ToString();
        after = 0;
        return text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after);
    }
}
