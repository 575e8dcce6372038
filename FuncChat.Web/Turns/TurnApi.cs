using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Turns;

/// <summary>`/api/turns/{turnId}`: follows and stops turns of any kind.</summary>
internal sealed class TurnApi(TurnService turns, ThreadService threads, WireFormats formats)
{
    public static AppError InvalidId { get; } =
        new(ErrorCode.NotFound, "There is no such turn: a turn's id has 8 to 64 letters, digits, '_' and '-'.");

    /// <summary>`GET`: the turn from the event after the one that the client has. `HEAD` returns whether the turn exists and has the format, and continues nothing.</summary>
    public async Task<IResult> FollowAsync(HttpContext http)
    {
        if (!TryGetKey(http, out var key))
            return new ProblemResult(InvalidId);
        if (!LastEventId.TryRead(http.Request, out var after))
            return new ProblemResult(LastEventId.Invalid);
        if (!formats.TryFind(http.Request, out var format, out var error))
            return new ProblemResult(error);
        if (HttpMethods.IsHead(http.Request.Method))
            return await HeadAsync(http, key, format);

        var turn = await turns.FollowAsync(key, format.ReadsWholeTurn ? 0 : after, http.RequestAborted, format.FindError);
        if (turn.Error is { Code: ErrorCode.NotFound })
            return new ProblemResult((await threads.EndMissingTurnAsync(key, http.RequestAborted)).Error);
        if (!turn.Succeeded)
            return new ProblemResult(turn.Error);
        return turn.Value.Follower is { } follower ? new TurnResult(format, turn.Value, follower, after) : TypedResults.NoContent();
    }

    /// <summary>`DELETE`: stops the turn. One whose log is missing ends in its thread.</summary>
    public async Task<IResult> StopAsync(HttpContext http)
    {
        if (!TryGetKey(http, out var key))
            return new ProblemResult(InvalidId);
        var error = await turns.StopAsync(key, http.RequestAborted);
        if (error is { Code: ErrorCode.NotFound } && await threads.EndMissingTurnAsync(key, http.RequestAborted) is var (missing, hasEnded))
            error = hasEnded ? null : missing;
        return error is not null ? new ProblemResult(error) : TypedResults.NoContent();
    }

    private async Task<IResult> HeadAsync(HttpContext http, TurnKey key, IWireFormat format)
    {
        if (await turns.FindErrorAsync(key, http.RequestAborted, format.FindError) is { } error)
            return new ProblemResult(error);
        EventStream.SetHeaders(http.Response, key.TurnId);
        return Results.Empty;
    }

    private static bool TryGetKey(HttpContext http, out TurnKey key)
    {
        var turnId = PathId.Of(http, "turnId");
        key = new TurnKey(Caller.UserOf(http), turnId);
        return TurnKey.IsTurnId(turnId);
    }
}
