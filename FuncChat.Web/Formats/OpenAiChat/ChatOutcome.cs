using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The result of a chat so far, collected from its events.</summary>
internal sealed class ChatOutcome
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
    public static AppError TextIsVoid { get; } = Interrupted with
    {
        Message = "The server restarted in the middle of the answer, and the text of it that you have is void. Follow the turn again from its beginning, without the id of an event.",
    };

    /// <inheritdoc cref="TextIsVoid"/>
    /// <summary>The same, for a client that can't follow turns.</summary>
    public static AppError IsVoid { get; } = Interrupted with { Message = "The server restarted in the middle of the answer. Send the request again." };

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

    private bool _callsClientTools;
    private bool _isFiltered;
    private bool _isParked;
    private bool _needsBudget;
    private string _modelReason = Engine.Models.FinishReason.Stop;

    /// <summary>The model as `provider:name`.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Why the answer ended, in OpenAI's words.</summary>
    public string FinishReason =>
        _modelReason == Engine.Models.FinishReason.Length ? _modelReason
        : _callsClientTools ? Engine.Models.FinishReason.ToolCalls
        : _modelReason == Engine.Models.FinishReason.ToolCalls ? Engine.Models.FinishReason.Stop // the server ran them
        : _modelReason;

    /// <summary>The tokens of all model calls, those of tools included.</summary>
    public ModelUsage Usage { get; private set; } = new(0, 0);

    /// <summary>The event that ended the chat with an answer.</summary>
    public CompleteEvent? Complete { get; private set; }

    /// <summary>The error that ended the turn.</summary>
    public AppError? Error { get; private set; }

    /// <summary>Whether the server has already repeated the model call that failed.</summary>
    public bool WasRetried { get; private set; }

    /// <summary>Whether the provider's filter cut an answer that the model had begun. What it wrote is the answer, with OpenAI's finish reason.</summary>
    public bool IsFilteredAnswer => _isFiltered && Error is { Code: ErrorCode.ContentFiltered };

    /// <summary>The error if there are no more events, and none that ends the turn.</summary>
    /// <param name="isOpenAi">Whether the client knows OpenAI's API alone.</param>
    public AppError UnfinishedFor(bool isOpenAi) => _isParked ? (_needsBudget ? WaitingForBudget : Waiting) : isOpenAi ? Restarting : Interrupted;

    public void Add(TurnEvent turnEvent)
    {
        _isParked = turnEvent is ParkedEvent;
        _needsBudget = turnEvent is BudgetRequestEvent || (_needsBudget && _isParked);
        switch (turnEvent)
        {
            case StatusEvent status:
                Model = $"{status.Provider}:{status.Model}";
                break;
            case LlmRequestEvent { Tool: null }:
                WasRetried = false;
                break;
            case LlmRetryEvent:
                WasRetried = true;
                break;
            case LlmResponseEvent call:
                Usage += call.Usage ?? new ModelUsage(0, 0);
                if (call.Tool is not null)
                    break;
                _modelReason = call.FinishReason;
                _isFiltered = call.FinishReason == Engine.Models.FinishReason.ContentFilter;
                break;
            case ClientToolCallsEvent:
                _callsClientTools = true;
                break;
            case CompleteEvent complete:
                Complete = complete;
                Usage = complete.Usage;
                break;
            case ErrorEvent failed:
                Error ??= failed.ToError();
                break;
        }
    }
}
