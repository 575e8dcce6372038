using FuncChat.Engine;
using FuncChat.Engine.Events;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The result of a chat so far, collected from its events.</summary>
internal sealed class ChatOutcome
{
    private bool _isParked;

    /// <summary>The error of a turn whose events end before it does.</summary>
    public static AppError Interrupted { get; } = new(
        ErrorCode.Unavailable, "The server is restarting, but the turn continues. Follow it with GET /api/turns/{turn_id}; the id is in the X-Turn-Id header.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    /// <summary>The error of a turn that waits for a person, whom these formats can't ask.</summary>
    public static AppError Waiting { get; } = new(
        ErrorCode.Conflict,
        "The turn waits for a person's answer. Read the request with GET /api/turns/{turn_id}, and answer it with POST /api/turns/{turn_id}/signals; the id is in the "
        + "X-Turn-Id header.");

    /// <summary>The error of a turn of another kind.</summary>
    public static AppError NotAChat { get; } = new(
        ErrorCode.InvalidRequest, "This format is for chats only. Follow a search or a plan in the native format.")
    { Path = "?format" };

    /// <summary>The error if there are no more events, and none that ends the turn.</summary>
    public AppError Unfinished => _isParked ? Waiting : Interrupted;

    public string Model { get; private set; } = "";

    public string FinishReason { get; private set; } = "stop";

    /// <summary>The event that ended the chat with an answer.</summary>
    public CompleteEvent? Complete { get; private set; }

    /// <summary>The error that ended the turn.</summary>
    public AppError? Error { get; private set; }

    public void Add(TurnEvent turnEvent)
    {
        _isParked = turnEvent is ParkedEvent;
        switch (turnEvent)
        {
            case StatusEvent status:
                Model = $"{status.Provider}:{status.Model}";
                break;
            case LlmResponseEvent { Tool: null } call:
                FinishReason = call.FinishReason;
                break;
            case CompleteEvent complete:
                Complete = complete;
                break;
            case ErrorEvent failed:
                Error ??= new AppError(failed.Code, failed.Message) { Retryable = failed.Retryable };
                break;
            case SearchStartEvent or PlanEvent:
                Error ??= NotAChat;
                break;
        }
    }
}
