using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The errors of chats as responses.</summary>
internal static class ChatErrors
{
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
