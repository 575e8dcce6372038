using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.UiMessages;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.UiChat;

/// <summary>`/api/ui/chat`: chats for `useChat` of the AI SDK, whose transports need nothing but this path.</summary>
internal sealed class UiChatApi(
    UiChatRequestParser parser, ClientChats chats, RequestBody bodies, TurnService turns, StoredTurns stored, RequestAnswers answers, WireFormats formats,
    TimeProvider time)
{
    private const string OwnPrefix = "turn_";

    // A client that is cut just before the end of an answer asks for it when it has ended.
    private static readonly TimeSpan RecentEnd = TimeSpan.FromMinutes(1);

    private readonly IWireFormat _format = formats[UiMessageFormat.WireName];

    private static AppError NoChat { get; } = new(ErrorCode.NotFound, "There is no such chat, or its latest turn has expired.");

    private static AppError InvalidStartIndex { get; } = JsonField.Error("$.startIndex", "This must be the number of chunks that you have.");

    /// <summary>`POST`: answers the last message of the chat, or continues a turn with the answers to its approvals.</summary>
    public async Task<IResult> ChatAsync(HttpContext http)
    {
        if (!UiSdkVersion.TryRead(http.Request, out var version))
            return new ProblemResult(UiSdkVersion.Invalid);
        var body = await bodies.ReadAsync(http, bytes => parser.ParseAsync(bytes, Caller.ToolUserOf(http), http.RequestAborted));
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        return body.Value.AnsweredTurnId is { } turnId
            ? await AnswerAsync(http, turnId, body.Value, version)
            : await StartAsync(http, body.Value, version);
    }

    /// <summary>`GET …/stream`: the answer of the chat that is being written, or the rest of one that was cut.</summary>
    public async Task<IResult> ResumeAsync(HttpContext http)
    {
        if (!UiSdkVersion.TryRead(http.Request, out var version))
            return new ProblemResult(UiSdkVersion.Invalid);
        if (!TryReadStartIndex(http.Request, out var startIndex))
            return new ProblemResult(InvalidStartIndex);
        if (!UiRunId.TryParse(PathId.Of(http, "chatId"), out var run) || !IsOwnTurnId(run.TurnId))
        {
            var latest = await chats.FindLatestAsync(Caller.UserOf(http), PathId.Of(http, "chatId"), http.RequestAborted);
            if (!latest.Succeeded)
                return new ProblemResult(latest.Error);
            var missing = latest.Value.TurnId is not null || run.TurnId is null
                ? null
                : await turns.FindErrorAsync(new TurnKey(Caller.UserOf(http), run.TurnId), http.RequestAborted);
            if (missing is { Code: ErrorCode.RateLimited or ErrorCode.Unavailable })
                return new ProblemResult(missing);
            if (latest.Value.TurnId is not null || run.TurnId is null || missing is not null)
                return await ResumeChatAsync(http, latest.Value, startIndex, version);
        }

        var voidText = new VoidText(run.FoldedTo);
        var turn = await stored.ReadAsync(new TurnKey(Caller.UserOf(http), run.TurnId), voidText.Apply, http.RequestAborted);
        if (!turn.Succeeded)
            return new ProblemResult(turn.Error);
        if (turn.Value.Request is not ChatTurnRequest)
            return new ProblemResult(NoChat);
        return await FollowAsync(http, new UiMessageView(run, UiMessageView.MessageIdOf(turn.Value.Request) ?? run.TurnId)
        {
            StartIndex = startIndex ?? 0,
            Version = version,
            Void = voidText,
        });
    }

    /// <summary>`POST …/stop`: stops the answer that is being written.</summary>
    public async Task<IResult> StopAsync(HttpContext http)
    {
        var user = Caller.UserOf(http);
        var turnId = await FindTurnAsync(user, http);
        if (!turnId.Succeeded)
            return new ProblemResult(turnId.Error);
        return await turns.StopAsync(new TurnKey(user, turnId.Value), http.RequestAborted) is { } error ? new ProblemResult(error) : TypedResults.NoContent();
    }

    private async Task<IResult> StartAsync(HttpContext http, UiChatRequest body, UiSdkVersion version)
    {
        var started = await chats.StartAsync(http, new ClientTurn(body.ChatId, body.Turn!) { ParentTurnId = body.ParentTurnId, Added = body.Added });
        if (!started.Succeeded)
            return new ProblemResult(started.Error);
        var turn = started.Value;
        if (turn.Follower is not { } follower)
            return TypedResults.NoContent();
        var view = new UiMessageView(new UiRunId(turn.TurnId), body.MessageId ?? turn.TurnId) { Version = version };
        if (!turn.IsNew)
        {
            // A retry of the client: text that it may have seen, and that a crash made void, is left out.
            var voidText = await VoidText.ReadAsync(stored, http, turn.TurnId, turn.IsContinued);
            view = view with { Run = new UiRunId(turn.TurnId, 0, voidText.Limit), Void = voidText };
        }

        view.SetOn(http);
        return new TurnResult(_format, turn, follower);
    }

    private async Task<IResult> AnswerAsync(HttpContext http, string turnId, UiChatRequest body, UiSdkVersion version)
    {
        var point = new AnsweredPoint(body.Answers);
        var turn = await chats.FindAnsweredAsync(http, body.ChatId, turnId, point);
        if (!turn.Succeeded)
            return new ProblemResult(turn.Error);
        var completion = await answers.SendAsync(http, turnId, body.Answers);
        if (!completion.Succeeded)
            return new ProblemResult(completion.Error);
        return await FollowAsync(
            http, new UiMessageView(new UiRunId(turnId, point.ParkedId), UiMessageView.MessageIdOf(turn.Value.Request) ?? turnId) { Version = version }, completion.Value);
    }

    private async Task<IResult> ResumeChatAsync(HttpContext http, LatestTurn latest, int? startIndex, UiSdkVersion version)
    {
        var user = Caller.UserOf(http);
        if (latest.TurnId is not { } turnId)
            return TypedResults.NoContent();
        var voidText = new VoidText();
        var turn = await stored.ReadAsync(new TurnKey(user, turnId), voidText.Apply, http.RequestAborted);
        if (!turn.Succeeded)
            return turn.Error.Code == ErrorCode.NotFound ? TypedResults.NoContent() : new ProblemResult(turn.Error);

        // A client that counts chunks reads on until the end; others ask only whether there is something to read.
        if (turn.Value.Status != TurnStatus.Running && startIndex is null && !(turn.Value.Status == TurnStatus.Ended && HasJustEnded(latest)))
            return TypedResults.NoContent();
        var view = new UiMessageView(new UiRunId(turnId), UiMessageView.MessageIdOf(turn.Value.Request) ?? turnId)
        {
            StartIndex = startIndex ?? 0,
            Version = version,
            Earlier = UiEarlierParts.Of(turn.Value.Request),
        };
        return await FollowAsync(http, startIndex is null ? view with { Void = voidText } : view);
    }

    // The end of a turn is recorded in its thread after the turn has ended.
    private bool HasJustEnded(LatestTurn latest) =>
        latest.IsRunning || (latest.Thread?.Find(latest.TurnId) is { Status: ThreadTurnStatus.Complete, EndedAt: { } ended } && time.GetUtcNow() - ended < RecentEnd);

    private async Task<IResult> FollowAsync(HttpContext http, UiMessageView view, Task? completion = null)
    {
        view.SetOn(http);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            EventStream.SetHeaders(http.Response, view.Run.TurnId);
            return Results.Empty;
        }

        var followed = await turns.FollowAsync(new TurnKey(Caller.UserOf(http), view.Run.TurnId), after: 0, http.RequestAborted);
        if (!followed.Succeeded)
            return new ProblemResult(followed.Error);
        var turn = followed.Value;
        view.Void.IsContinued = turn.IsContinued;
        return new TurnResult(_format, completion is null ? turn : turn with { Completion = Task.WhenAll(turn.Completion, completion) }, turn.Follower!);
    }

    // The id of a chat or, where there is none, of a turn of any protocol.
    private async Task<Result<string>> FindTurnAsync(string user, HttpContext http)
    {
        var isRun = UiRunId.TryParse(PathId.Of(http, "chatId"), out var run);
        if (isRun && IsOwnTurnId(run.TurnId))
            return run.TurnId;
        var latest = await chats.FindLatestAsync(user, PathId.Of(http, "chatId"), http.RequestAborted);
        if (!latest.Succeeded)
            return latest.Error;
        return latest.Value.TurnId is { } turnId ? turnId : isRun ? run.TurnId : NoChat;
    }

    // A client chooses the ids of its chats.
    private static bool IsOwnTurnId(string turnId) => turnId.StartsWith(OwnPrefix, StringComparison.Ordinal);

    // Null if the client does not count chunks. A negative index asks for the last chunks, and gets all.
    private static bool TryReadStartIndex(HttpRequest request, out int? startIndex)
    {
        startIndex = null;
        if (!request.Query.TryGetValue("startIndex", out var text))
            return true;
        var digits = text.ToString();
        var isNegative = digits.StartsWith('-');
        if (!WholeNumber.TryRead(isNegative ? digits.AsSpan(1) : digits, out int index))
            return false;
        startIndex = isNegative ? 0 : index;
        return true;
    }
}
