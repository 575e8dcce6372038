using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Chat;

/// <summary>Starts turns of whatever kind from requests: what is wrong is answered before a stream begins.</summary>
public sealed class TurnEndpoint(RequestBody bodies, TurnService turns)
{
    /// <summary>Starts the turn that the body asks for.</summary>
    /// <param name="parse">Checks the body.</param>
    /// <param name="answer">Makes the answer of the turn that was started, and its first follower.</param>
    internal async Task<IResult> StartAsync(
        HttpContext http, Func<ReadOnlyMemory<byte>, ValueTask<Result<TurnBody>>> parse,
        Func<TurnBody, FollowedTurn, TurnFollower, IResult> answer)
    {
        var (bytes, problem) = await bodies.ReadJsonAsync(http.Request);
        if (problem is not null)
            return problem;
        var body = await parse(bytes);
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        var turn = await turns.StartAsync(Caller.UserOf(http), body.Value.TurnId, body.Value.Turn, http.RequestAborted);

        // Followed from its first event, a turn always has something to send.
        return turn.Succeeded ? answer(body.Value, turn.Value, turn.Value.Follower!) : new ProblemResult(turn.Error);
    }

    /// <summary>Starts the turn, and answers with its events.</summary>
    internal Task<IResult> StreamAsync(HttpContext http, Func<ReadOnlyMemory<byte>, ValueTask<Result<TurnBody>>> parse) =>
        StartAsync(http, parse, static (_, turn, follower) => new TurnStreamResult(turn, follower));
}
