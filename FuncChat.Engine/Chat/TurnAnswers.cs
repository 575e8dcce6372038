using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>The answers of people that a turn has received as signals, until they are events.</summary>
internal sealed class TurnAnswers(PersonRequests requests, ToolArguments arguments, TimeProvider time)
{
    private const string Server = "server";

    private readonly Lock _lock = new();
    private readonly List<TurnSignal> _signals = [];

    /// <summary>Whether an open request was answered, or has expired.</summary>
    public bool HasAny => requests.Open.Any(request => AnswerTo(request) is not null) || requests.ExpiredAt(time.GetUtcNow()).Any();

    /// <summary>Receives a signal, on any thread. One that is no answer, such as a damaged one, is ignored: the request stays open.</summary>
    public void Receive(TurnSignal signal)
    {
        if (!IsAnswer(signal))
            return;
        lock (_lock)
            _signals.Add(signal);
    }

    /// <summary>Emits an event for each open request that was answered or has expired. Of several answers, the first counts.</summary>
    public void Emit(Action<TurnEvent> emit)
    {
        if (requests.IsEmpty)
            return;
        foreach (var request in requests.Open.ToList())
        {
            if (AnswerTo(request) is { } signal)
                emit(EventOf(signal));
        }

        var now = time.GetUtcNow();
        foreach (var request in requests.ExpiredAt(now).ToList())
            emit(new RequestAnsweredEvent(request.Id, SignalType.Expired, Server, now));
    }

    /// <summary>Checks an answer before it is stored.</summary>
    /// <param name="open">Opens the tool of a name; null if it is not available any more.</param>
    public async Task<AppError?> FindErrorAsync(TurnSignal signal, Func<string, Task<Tool?>> open)
    {
        if (requests.Find(signal.RequestId) is not { } request)
            return RequestErrors.NoSuchRequest;
        if (request.Answer is { } answer)
            return answer.Type == SignalType.Expired ? RequestErrors.Expired : RequestErrors.AlreadyAnswered;
        if (request.IsExpiredAt(time.GetUtcNow()))
            return RequestErrors.Expired;
        if (FindForbidden(signal, request.Event) is { } forbidden)
            return forbidden;
        return (signal.Type, request.Event) switch
        {
            (SignalType.Deny, _) => null,
            (SignalType.Approve, BudgetRequestEvent asked) => BudgetAnswer.FindError(asked, RequestAnswer.Parse(signal.Payload)),
            (SignalType.Approve, ApprovalRequestEvent asked) => await FindErrorAsync(asked, RequestAnswer.Parse(signal.Payload), open),
            (SignalType.Answer, InputRequestEvent asked) => await FindErrorAsync(asked, RequestAnswer.Parse(signal.Payload)),
            (_, InputRequestEvent) => RequestErrors.IsQuestion,
            _ => RequestErrors.IsApproval,
        };
    }

    private static AppError? FindForbidden(TurnSignal signal, IPersonRequest asked)
    {
        var needed = asked switch
        {
            BudgetRequestEvent => SignalRights.RaiseBudgets,
            ApprovalRequestEvent => SignalRights.ApproveTools,
            _ => SignalRights.Owner,
        };
        if (signal.Rights.HasFlag(needed) || (signal.Type == SignalType.Deny && signal.Rights.HasFlag(SignalRights.Owner)))
            return null;
        return asked is BudgetRequestEvent ? RequestErrors.NotAnAdministrator : RequestErrors.NotAnApprover;
    }

    private static bool IsAnswer(TurnSignal signal)
    {
        if (signal is not { Type: SignalType.Approve or SignalType.Deny or SignalType.Answer, RequestId: not null, By: not null, At: not null })
            return false;
        try
        {
            _ = RequestAnswer.Parse(signal.Payload);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static RequestAnsweredEvent EventOf(TurnSignal signal)
    {
        var answer = RequestAnswer.Parse(signal.Payload);
        return new RequestAnsweredEvent(signal.RequestId!, signal.Type, signal.By!, signal.At!.Value)
        {
            Arguments = answer.Arguments,
            Content = answer.Content,
            Reason = answer.Reason,
            Always = answer.Always,
        };
    }

    private async Task<AppError?> FindErrorAsync(ApprovalRequestEvent asked, RequestAnswer answer, Func<string, Task<Tool?>> open)
    {
        if (answer.Always == true && asked.AllowsAlways != true)
            return AppError.Invalid("$.always", "Each call of this tool needs its own approval.");
        if (answer.Arguments is not { } changed)
            return null;
        try
        {
            if (await open(asked.Name) is not { } tool)
                return AppError.Invalid("$.arguments", "The tool is not available any more, or it has changed, so its arguments can't be changed.");
            return await arguments.FindErrorAsync(tool, changed) is { } error ? AppError.Invalid("$.arguments", error) : null;
        }
        catch (ToolSourceException e)
        {
            return new AppError(ErrorCode.Unavailable, e.Message) { Retryable = true };
        }
    }

    private static async Task<AppError?> FindErrorAsync(InputRequestEvent asked, RequestAnswer answer)
    {
        if (answer.Content is not { } content)
            return AppError.Invalid("$.content", "The answer is missing: send content, an object that matches the request's schema.");
        return await ToolArguments.FindErrorAsync(JsonElement.Parse(asked.Schema.Utf8.Span), content) is { } error ? AppError.Invalid("$.content", error) : null;
    }

    private TurnSignal? AnswerTo(PersonRequest request)
    {
        lock (_lock)
            return _signals.Find(signal => signal.RequestId == request.Id);
    }
}
