using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.AgUi;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.AgUi;

/// <summary>
/// `POST /api/agui`: runs for clients of AG-UI. The same input again follows the same run, after the event that `Last-Event-ID` names: the protocol itself has no
/// way to continue a stream.
/// </summary>
internal sealed class AgUiApi(AgUiRequestParser parser, ClientChats chats, RequestBody bodies, TurnService turns, RequestAnswers answers, WireFormats formats)
{
    private readonly IWireFormat _format = formats[AgUiFormat.WireName];

    private static AppError HasInterrupts { get; } =
        new(ErrorCode.Conflict, "The thread waits for the answers to its interrupts: send them in resume, or cancel them there.");

    public async Task<IResult> RunAsync(HttpContext http)
    {
        if (!LastEventId.TryRead(http.Request, out var after))
            return new ProblemResult(LastEventId.Invalid);
        var body = await bodies.ReadAsync(http, bytes => parser.ParseAsync(bytes, Caller.ToolUserOf(http), http.RequestAborted));
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        return body.Value.AnsweredTurnId is { } turnId ? await ResumeAsync(http, turnId, body.Value, after) : await StartAsync(http, body.Value, after);
    }

    private async Task<IResult> StartAsync(HttpContext http, AgUiRunRequest body, long after)
    {
        var started = await chats.StartAsync(
            http, new ClientTurn(body.ThreadId, body.Turn!) { TurnId = TurnIdOf(body.RunId), ParentTurnId = body.ParentTurnId, Added = body.Added, WaitsError = HasInterrupts, CancelledTurnId = body.CancelledTurnId });
        if (!started.Succeeded)
            return new ProblemResult(started.Error);
        AgUiView.Of(started.Value.TurnId, body.Turn!, after: 0).SetOn(http);
        return started.Value.Follower is { } follower
            ? new TurnResult(_format, started.Value, follower, started.Value.IsNew ? 0 : after)
            : TypedResults.NoContent();
    }

    private async Task<IResult> ResumeAsync(HttpContext http, string turnId, AgUiRunRequest body, long after)
    {
        var key = new TurnKey(Caller.UserOf(http), turnId);
        var point = new AnsweredPoint(body.Answers);
        var turn = await chats.FindAnsweredAsync(http, body.ThreadId, turnId, point);
        if (!turn.Succeeded)
            return new ProblemResult(turn.Error);
        var completion = await answers.SendAsync(http, turnId, [.. body.Answers.Select(answer => MeantBy(answer, body, point))]);
        if (!completion.Succeeded)
            return new ProblemResult(InOwnFields(completion.Error, body.Answers.Count));
        var view = AgUiView.Of(turnId, turn.Value.Request, point.ParkedId) with
        {
            ThreadId = body.ThreadId,
            RunId = body.RunId,
            KnowsVersion1 = body.ProtocolVersion is not null,
            OwnResults = AgUiView.ResultsIn(body.Messages),
        };
        view.SetOn(http);
        var followed = await turns.FollowAsync(key, after: 0, http.RequestAborted);
        if (followed.Value is not { } turnNow)
            return new ProblemResult(followed.Error!);

        // A run that only repeats what the turn waits for has no events after that point.
        return new TurnResult(
            _format, turnNow with { Completion = Task.WhenAll(turnNow.Completion, completion.Value), LastEventId = null }, turnNow.Follower!, Math.Max(after, point.ParkedId));
    }

    // The error names the fields of a signal. Of several answers, which one it is about is unknown.
    private static AppError InOwnFields(AppError error, int answers)
    {
        if (error.Path is null)
            return error;
        var payload = answers == 1 ? "$.resume[0].payload" : "$.resume";
        return error == RequestErrors.IsApproval ? error with { Path = $"{payload}.approved", Message = "The interrupt asks for an approval: send approved as true or false." }
            : error == RequestErrors.IsQuestion ? error with { Path = payload, Message = "The interrupt asks a question: send a payload that matches its responseSchema." }
            : error with { Path = error.Path.EndsWith(".arguments", StringComparison.Ordinal) ? $"{payload}.arguments" : payload };
    }

    // A form can have a field of the same name as the answer to an approval.
    private static GivenAnswer MeantBy(GivenAnswer answer, AgUiRunRequest body, AnsweredPoint point) =>
        body.Payloads.TryGetValue(answer.RequestId, out var payload) && point.QuestionOf(answer) is { } question
        && JsonElement.Parse(question.Schema.Utf8.Span).TryGetProperty("properties"u8, out var fields) && fields.TryGetProperty("approved"u8, out _)
            ? new GivenAnswer(answer.RequestId, SignalType.Answer, new RequestAnswer { Content = payload })
            : answer;

    // The run is the turn. Its id can be anything that the client made.
    private static string TurnIdOf(string runId) => TurnKey.IsTurnId(runId) ? runId : HashedId.Of("run_", runId);
}
