using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Responses;

/// <summary>How requests answer with a response of a turn.</summary>
internal sealed class ResponseResults(StoredResponses responses, TurnService turns, WireFormats formats)
{
    /// <summary>Answers with the response as it is stored now.</summary>
    public async Task<IResult> ReadAsync(HttpContext http, ResponseId? id) => Of(await responses.ReadAsync(Caller.UserOf(http), id, http.RequestAborted));

    /// <inheritdoc cref="ReadAsync"/>
    public static IResult Of(Result<ReadResponse> read) =>
        read.Succeeded ? TypedResults.Json(read.Value.Now, ResponsesJson.Relaxed.OpenAiResponse) : new ProblemResult(read.Error);

    /// <summary>Answers with the response when it has ended, or its events as they come.</summary>
    /// <param name="completion">The completion of the turn, if this request continues it.</param>
    public async Task<IResult> FollowAsync(HttpContext http, ResponseView view, bool stream = true, Task? completion = null)
    {
        var followed = await turns.FollowAsync(new TurnKey(Caller.UserOf(http), view.Id.TurnId), after: 0, http.RequestAborted);
        if (!followed.Succeeded)
            return new ProblemResult(followed.Error);
        view.SetOn(http);
        var turn = followed.Value;
        return new TurnResult(
            formats[stream ? ResponseStreamFormat.WireName : ResponseFormat.WireName],
            completion is null ? turn : turn with { Completion = Task.WhenAll(turn.Completion, completion) }, turn.Follower!);
    }
}
