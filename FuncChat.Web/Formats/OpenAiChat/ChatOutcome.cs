using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The result of a chat so far, collected from its events.</summary>
internal sealed class ChatOutcome
{
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
    public AppError UnfinishedFor(bool isOpenAi) => _isParked ? (_needsBudget ? ChatErrors.WaitingForBudget : ChatErrors.Waiting) : isOpenAi ? ChatErrors.Restarting : ChatErrors.Interrupted;

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
