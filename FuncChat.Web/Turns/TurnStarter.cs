using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Turns;

/// <summary>Starts turns of any kind. Errors of the request are answered before a stream starts.</summary>
public sealed class TurnStarter(RequestBody bodies, TurnService turns, WireFormats formats)
{
    /// <summary>Starts the turn that the body asks for, and answers with it in the format that the query asks for.</summary>
    internal async Task<IResult> StartAsync(HttpContext http, Func<ReadOnlyMemory<byte>, ValueTask<Result<TurnBody>>> parse) =>
        formats.TryFind(http.Request, out var format, out var error) ? await StartAsync(http, parse, _ => format) : new ProblemResult(error);

    /// <param name="parse">Validates the body.</param>
    /// <param name="choose">Chooses the format of the response by the body.</param>
    internal async Task<IResult> StartAsync(
        HttpContext http, Func<ReadOnlyMemory<byte>, ValueTask<Result<TurnBody>>> parse, Func<TurnBody, IWireFormat> choose)
    {
        var (bytes, problem) = await bodies.ReadJsonAsync(http.Request);
        if (problem is not null)
            return problem;
        var body = await parse(bytes);
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        var format = choose(body.Value);
        if (format.IsForChatsOnly && body.Value.Turn is not ChatTurnRequest)
            return new ProblemResult(ChatOutcome.NotAChat);
        var turn = await turns.StartAsync(Caller.UserOf(http), body.Value.TurnId, body.Value.Turn, http.RequestAborted);

        // Followed from its first event, a turn always has something to send.
        return turn.Succeeded
            ? new TurnResult(format, turn.Value, turn.Value.Follower!, body: body.Value)
            : new ProblemResult(turn.Error);
    }
}
