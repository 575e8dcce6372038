using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The errors of chats in formats that other protocols define, and how they are responses.</summary>
internal static class ChatErrors
{
    /// <summary>The error of a turn whose events end before it does.</summary>
    public static AppError Interrupted { get; } = new(
        ErrorCode.Unavailable, "The server is restarting, but the turn continues. Follow it with GET /api/turns/{turn_id}; the id is in the X-Turn-Id header.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    /// <summary>The same, for a client that can't follow turns.</summary>
    public static AppError Restarting { get; } = Interrupted with { Message = "The server is restarting. Send the request again." };

    /// <summary>The error of an answer of which a crash made the text so far void.</summary>
    public static AppError LostText { get; } = Interrupted with
    {
        Message = "The server restarted in the middle of the answer, and the text of it that you have is void. Follow the turn again from its beginning, without the id of an event.",
    };

    /// <summary>The same, for a client that can't follow turns.</summary>
    public static AppError LostAnswer { get; } = Interrupted with { Message = "The server restarted in the middle of the answer. Send the request again." };

    /// <summary>The error of a turn that waits for a person, whom these formats can't ask.</summary>
    public static AppError Waiting { get; } = new(
        ErrorCode.Conflict,
        "The turn waits for a person's answer. Read the request with GET /api/turns/{turn_id}, and answer it with POST /api/turns/{turn_id}/signals; the id is in the "
        + "X-Turn-Id header.");

    /// <summary>The error of a turn that waits until a budget is raised.</summary>
    public static AppError WaitingForBudget { get; } = new(
        ErrorCode.BudgetExceeded,
        "The budget for models has no room for another call. The turn waits until an administrator raises it with POST /api/turns/{turn_id}/signals; the id is in the "
        + "X-Turn-Id header.")
    { Reason = ErrorReason.InsufficientQuota };

    /// <summary>The error of a turn of another kind.</summary>
    public static AppError NotAChat { get; } = new(
        ErrorCode.InvalidRequest, "This format is for chats only. Follow a search or a plan in the native format.")
    { Path = "?format" };

    /// <summary>
    /// The error as a response. An SDK must not retry it automatically if the server already did, since both would multiply, or if the turn has ended under an
    /// id that the client chose, since the same request follows the same turn.
    /// </summary>
    public static ProblemResult ResultOf(AppError error, ChatOutcome outcome, TurnResponse turn)
    {
        var hasEnded = outcome.Error is not null && turn.Body?.TurnId is not null;
        return new ProblemResult(error) { MayRetry = error.Retryable && !outcome.WasRetried && !hasEnded };
    }
}
