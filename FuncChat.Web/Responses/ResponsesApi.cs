using FuncChat.Engine;
using FuncChat.Engine.Background;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Responses;

/// <summary>`POST /api/v1/responses`: a chat for clients of OpenAI's Responses API.</summary>
internal sealed class ResponsesApi(
    ResponseRequestParser parser, RequestBody bodies, TurnStarter starter, TurnService turns, IBackgroundTurns background, ResponseResults results,
    ResponseApprovals approvals, ThreadTurns threads, WireFormats formats)
{
    private const string ThreadId = "$.thread_id";

    public async Task<IResult> CreateAsync(HttpContext http) =>
        await RunAsync(http) is var result && result is ProblemResult { Error: { Path: ThreadId } error } ? new ProblemResult(InOwnFields(error)) : result;

    // The error names the fields of a chat in a thread.
    private static AppError InOwnFields(AppError error) => error with
    {
        Path = "$.conversation",
        Message = error.Code == ErrorCode.Conflict
            ? "The conversation has a response that has not ended. If it waits for an approval, answer that; otherwise wait for its end, or cancel it. Then send the request again."
            : error.Message,
    };

    private async Task<IResult> RunAsync(HttpContext http)
    {
        var request = await bodies.ReadAsync(
            http, body => parser.ParseAsync(body, IdempotencyKey.Of(http.Request), Caller.ToolUserOf(http), threads, http.RequestAborted));
        if (!request.Succeeded)
            return new ProblemResult(request.Error);
        if (request.Value.Answers is { } answers)
            return await approvals.ContinueAsync(http, answers);
        var body = request.Value.Body!;
        return body.Turn.InBackground
            ? await CreateInBackgroundAsync(http, body)
            : await starter.StartAsync(http, body, formats[body.Stream ? ResponseStreamFormat.WireName : ResponseFormat.WireName]);
    }

    private async Task<IResult> CreateInBackgroundAsync(HttpContext http, TurnBody body)
    {
        var user = Caller.UserOf(http);
        var turnId = body.TurnId ?? body.NewTurnId;
        var created = body is { Thread: { } thread, Turn: ChatTurnRequest chat }
            ? await threads.StartAsync(thread.Position, turnId, thread.Added, chat, http.RequestAborted)
            : await turns.CreateAsync(user, turnId, body.Turn, http.RequestAborted);
        if (!created.Succeeded)
            return new ProblemResult(created.Error);
        var key = new TurnKey(user, created.Value.TurnId);
        await background.ScheduleAsync(key, http.RequestAborted);
        var view = new ResponseView(new ResponseId(key.TurnId), ResponseView.SettingsOf(body.Turn, default));
        if (!body.Stream)
        {
            http.Response.Headers["X-Turn-Id"] = key.TurnId;
            return await results.ReadAsync(http, view.Id);
        }

        return await results.FollowAsync(http, view);
    }
}
