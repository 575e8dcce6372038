using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Background;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Responses;

/// <summary>Continues turns with the approvals that a request brings: the rest of the turn is another response.</summary>
internal sealed class ResponseApprovals(
    StoredTurns stored, ResponseResults results, TurnService turns, IBackgroundTurns background, CallerRights rights, TimeProvider time)
{
    public async Task<IResult> ContinueAsync(HttpContext http, ApprovalAnswers answers)
    {
        var caller = Caller.Of(http);
        if (FindError(answers) is { } refusal)
            return new ProblemResult(refusal);
        var key = new TurnKey(caller.User, answers.TurnId);
        var part = await FindPartAsync(key, answers, http.RequestAborted);
        if (!part.Succeeded)
            return new ProblemResult(part.Error);
        var signals = answers.All.Select(each => AnswerOf(each.RequestId, each.Answer).ToContinuation(caller.User, time.GetUtcNow(), rights.Of(caller, caller.User))).ToList();
        var (error, completion) = await turns.SignalAsync(key, signals, continues: !answers.Background, http.RequestAborted);
        if (error is not null)
            return new ProblemResult(error with { Path = error.Path is null ? null : $"{answers.All[0].Answer.Path}.approval_request_id" });
        if (answers.Background)
            await background.ScheduleAsync(key, http.RequestAborted);
        return answers is { Background: true, Stream: false } ? await results.ReadAsync(http, part.Value.Id) : await results.FollowAsync(http, part.Value, answers.Stream, completion);
    }

    private static AppError? FindError(ApprovalAnswers answers) => answers.All.FirstOrDefault(each => each.Answer.Reason?.Length > SignalRequest.MaxReason) is { Answer: { } tooLong }
        ? JsonField.Error($"{tooLong.Path}.reason", $"The reason has more than {SignalRequest.MaxReason} characters.")
        : GivenAnswer.FindContradiction(answers.All.Select(each => (AnswerOf(each.RequestId, each.Answer), $"{each.Answer.Path}.approval_request_id")));

    // The part of the turn that the answers begin. Sent again, they find the part that they began.
    private async Task<Result<ResponseView>> FindPartAsync(TurnKey key, ApprovalAnswers answers, CancellationToken cancellationToken)
    {
        var part = 1;
        var asked = new Dictionary<string, ApprovalRequestItem>(StringComparer.Ordinal);
        var answeredIn = new Dictionary<string, int>(StringComparer.Ordinal);
        var turn = await stored.ReadAsync(
            key,
            (_, turnEvent) =>
            {
                part += turnEvent is ParkedEvent ? 1 : 0;
                if (turnEvent is IPersonRequest request)
                    asked[request.Id] = OpenCalls.ItemOf(new ResponseId(key.TurnId), request);
                else if (turnEvent is RequestAnsweredEvent answered)
                    answeredIn[answered.Id] = part;
            },
            cancellationToken);
        if (!turn.Succeeded && turn.Error.Code != ErrorCode.NotFound)
            return turn.Error;
        if (answers.All.FirstOrDefault(each => !asked.ContainsKey(each.RequestId)) is { Answer: { } unknown })
            return JsonField.Error($"{unknown.Path}.approval_request_id", "There is no such request. It may have expired.");
        if (!IsEndOf(turn.Value!.Request, answers.Before))
            return JsonField.Error("$.input", "The items before the approvals are not those of the response that waits for them. Send them unchanged, or send previous_response_id and the approvals alone.");
        if (FindAltered(answers.Requests, asked.Values) is { } altered)
            return altered;
        var found = answers.All.All(each => answeredIn.ContainsKey(each.RequestId)) ? answers.All.Max(each => answeredIn[each.RequestId]) : part;
        return new ResponseView(new ResponseId(key.TurnId, found), ResponseView.SettingsOf(turn.Value.Request, turn.Value.Started));
    }

    private static AppError? FindAltered(IEnumerable<SentApprovalRequest> sent, IEnumerable<ApprovalRequestItem> asked)
    {
        var stored = asked.ToDictionary(item => item.Id, StringComparer.Ordinal);
        return sent.Select(request => stored.TryGetValue(request.Id, out var item) ? request.FindError(item) : null).FirstOrDefault(error => error is not null);
    }

    // Clients shorten and change what the model wrote, but not what it was asked. What came before may be known to the server alone.
    private static bool IsEndOf(TurnRequest request, IReadOnlyList<RawJson> before)
    {
        if (before.Count == 0)
            return true;
        if (request is not ChatTurnRequest chat)
            return false;
        var (known, sent) = (AskedIn(chat.Messages), AskedIn(before));
        return sent.Count <= known.Count && sent.Zip(known.Skip(known.Count - sent.Count)).All(pair => JsonElement.DeepEquals(pair.First, pair.Second));
    }

    private static List<JsonElement> AskedIn(IEnumerable<RawJson> messages) =>
        [.. messages.Select(message => JsonElement.Parse(message.Utf8.Span)).Where(message => !message.GetProperty("role"u8).ValueEquals("assistant"u8) && !message.GetProperty("role"u8).ValueEquals("tool"u8))];

    private static GivenAnswer AnswerOf(string requestId, ApprovalAnswer answer) => new(
        requestId, answer.Approve ? SignalType.Approve : SignalType.Deny, new RequestAnswer { Reason = answer.Approve ? null : answer.Reason });
}
