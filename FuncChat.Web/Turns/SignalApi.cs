using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using FuncChat.Web.Formats;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Turns;

/// <summary>`POST /api/turns/{turnId}/signals`: answers a request of a turn, or stops it. A parked turn continues with the request that answers it.</summary>
internal sealed class SignalApi(
    RequestBody bodies, TurnService turns, WireFormats formats, CallerRights callers, IOptions<TurnOptions> options, TimeProvider time)
{
    public async Task<IResult> SendAsync(HttpContext http)
    {
        var turnId = PathId.Of(http, "turnId");
        if (!TurnKey.IsTurnId(turnId))
            return new ProblemResult(TurnApi.InvalidId);
        if (!LastEventId.TryRead(http.Request, out var after))
            return new ProblemResult(LastEventId.Invalid);
        if (!formats.TryFind(http.Request, out var format, out var unknown))
            return new ProblemResult(unknown);
        var body = await bodies.ReadAsync(http, RequestJsonContext.Default.SignalRequest);
        if ((body.Error ?? body.Value!.FindError()) is { } invalid)
            return new ProblemResult(invalid);

        var caller = Caller.Of(http);
        var owner = http.Request.Query.TryGetValue("owner", out var given) ? given.ToString() : caller.User;
        var rights = callers.Of(caller, owner);
        if (owner != caller.User && (rights == SignalRights.None || body.Value!.Type is not (SignalType.Approve or SignalType.Deny)))
            return new ProblemResult(TurnErrors.NotFound);
        var key = new TurnKey(owner, turnId);
        if (owner != caller.User)
            UserToken.Current = null; // The turn's tools act as its owner, never as the approver.
        if (body.Value!.Type == TurnSignal.Stop)
            return await turns.StopAsync(key, http.RequestAborted) is { } failed ? new ProblemResult(failed) : ReceiptOf(turnId, body.Value, Task.CompletedTask);

        var wantsStream = owner == caller.User && WantsStream(http.Request);
        var (error, completion) = await turns.SignalAsync(
            key, body.Value.ToAnswer().ToSignal(caller.User, time.GetUtcNow(), rights), http.RequestAborted, wantsStream ? format.FindError : null);
        if (error is not null)
            return new ProblemResult(error);
        if (!wantsStream)
            return ReceiptOf(turnId, body.Value, completion);
        var followed = await turns.FollowAsync(key, format.ReadsWholeTurn ? 0 : after, http.RequestAborted);
        if (followed.Value is not { Follower: { } follower } turn)
            return ReceiptOf(turnId, body.Value, completion);
        if (turn.LastEventId <= after)
        {
            await follower.DisposeAsync();
            return ReceiptOf(turnId, body.Value, completion);
        }

        return new TurnResult(format, turn with { Completion = Task.WhenAll(turn.Completion, completion) }, follower, after);
    }

    private SignalResult ReceiptOf(string turnId, SignalRequest body, Task completion) =>
        new(new SignalReceipt(turnId, body.RequestId, body.Type!), completion, options.Value.Heartbeat, time);

    private static bool WantsStream(HttpRequest request) =>
        request.Query.ContainsKey("format") || request.Headers.Accept.Any(accept => accept?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true);
}
