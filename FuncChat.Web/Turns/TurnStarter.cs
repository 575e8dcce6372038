using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Turns;

/// <summary>Starts turns of any kind. Errors of the request are answered before a stream starts.</summary>
internal sealed class TurnStarter(RequestBody bodies, RequestMemory memory, TurnService turns, ThreadTurns threads, WireFormats formats)
{
    /// <summary>Starts the turn that the body asks for, and answers with it in the format that the query asks for.</summary>
    public async Task<IResult> StartAsync(HttpContext http, Func<ReadOnlyMemory<byte>, ValueTask<Result<TurnBody>>> parse) =>
        formats.TryFind(http.Request, out var format, out var error) ? await StartAsync(http, parse, _ => format) : new ProblemResult(error);

    /// <param name="parse">Validates the body.</param>
    /// <param name="choose">Chooses the format of the response by the body.</param>
    public async Task<IResult> StartAsync(
        HttpContext http, Func<ReadOnlyMemory<byte>, ValueTask<Result<TurnBody>>> parse, Func<TurnBody, IWireFormat> choose)
    {
        ReadOnlyMemory<byte> json = default;
        var read = await bodies.ReadAsync(http, body => parse(json = body));
        while (read.Succeeded)
        {
            var result = await StartAsync(http, read.Value, choose(read.Value));
            if (result is not ProblemResult { Error: var error } || read.Value.Thread is not { Position: var position } || !position.IsOvertaken(error))
                return result;

            // Parsing finds the position in the thread, which waits for the turn that was faster.
            read = await ParseAsync(http, json, parse);
        }

        return new ProblemResult(read.Error);
    }

    /// <summary>Starts the turn of a body that was read, and answers with it.</summary>
    public async Task<IResult> StartAsync(HttpContext http, TurnBody body, IWireFormat format)
    {
        if (format.FindError(body.Turn) is { } notInFormat)
            return new ProblemResult(notInFormat);
        if (!LastEventId.TryRead(http.Request, out var after))
            return new ProblemResult(LastEventId.Invalid);
        var from = format.ReadsWholeTurn ? 0 : after;
        var turn = body is { Thread: { } thread, Turn: ChatTurnRequest chat }
            ? await threads.StartAsync(thread.Position, body.TurnId ?? body.NewTurnId, thread.Added, chat, http.RequestAborted, from)
            : await turns.StartAsync(Caller.UserOf(http), body.TurnId ?? body.NewTurnId, body.Turn, http.RequestAborted, from);
        if (!turn.Succeeded)
            return new ProblemResult(turn.Error);
        if (turn.Value.Follower is not { } follower)
            return TypedResults.NoContent();

        // What a client has of another turn is not part of a new one.
        return new TurnResult(format, turn.Value, follower, turn.Value.IsNew ? 0 : after, body);
    }

    private async Task<Result<TurnBody>> ParseAsync(HttpContext http, ReadOnlyMemory<byte> json, Func<ReadOnlyMemory<byte>, ValueTask<Result<TurnBody>>> parse)
    {
        var held = memory.Hold(Caller.UserOf(http), json.Length);
        if (!held.Succeeded)
            return held.Error;
        using var parsing = held.Value;
        return await parse(json);
    }
}
