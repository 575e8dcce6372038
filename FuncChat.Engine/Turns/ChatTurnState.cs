using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Turns;

/// <summary>
/// How far a chat is. It follows from the turn's events alone: a running turn applies each event that it appends, a continued one first applies
/// those in the log, and both go on from there.
/// </summary>
internal sealed class ChatTurnState
{
    private readonly List<RawJson> _messages = [];
    private readonly HashSet<string> _toolCallIds = new(StringComparer.Ordinal);

    /// <summary>The messages that the turn has added: the assistant's and the tools'.</summary>
    public IReadOnlyList<RawJson> Messages => _messages;

    /// <summary>The turn's own model calls that have begun.</summary>
    public int Iteration { get; private set; }

    /// <summary>Rounds of tool calls that have begun.</summary>
    public int ToolRounds { get; private set; }

    /// <summary>Tokens of all model calls, those of tools included.</summary>
    public ModelUsage Usage { get; private set; } = new(0, 0);

    /// <summary>The tool calls that wait for their results, if any.</summary>
    public ToolCallBatch? Round { get; private set; }

    /// <summary>A model call has begun whose message is not there.</summary>
    public bool ModelCallOpen { get; private set; }

    /// <summary>The finish reason of the turn's last model call.</summary>
    public string FinishReason { get; private set; } = "";

    /// <summary>The model has answered without asking for tools.</summary>
    public bool Answered { get; private set; }

    public bool Started { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>Whether a tool call of this turn has that id already.</summary>
    public bool HasToolCall(string id) => _toolCallIds.Contains(id);

    public void Apply(TurnEvent turnEvent)
    {
        switch (turnEvent)
        {
            case StatusEvent:
                Started = true;
                break;
            case LlmRequestEvent { Tool: null } call:
                Iteration = call.Iteration;
                ModelCallOpen = true;
                break;
            case LlmResponseEvent call:
                if (call.Tool is null)
                    FinishReason = call.FinishReason;
                else
                    Round?.CountModelEvent(call.ToolCallId, call.Iteration);
                Usage += call.Usage ?? new ModelUsage(0, 0);
                break;
            case LlmRequestEvent call:
                Round?.CountModelEvent(call.ToolCallId, call.Iteration);
                break;
            case MessageResetEvent reset:
                // The call made again has the same number.
                Iteration = reset.Iteration - 1;
                ModelCallOpen = false;
                break;
            case MessageCompleteEvent completed:
                ModelCallOpen = false;
                Apply(completed.Message);
                break;
            case ToolCallStartEvent call:
                Round?.Start(call.Id);
                break;
            case ToolCallResultEvent call:
                Apply(call);
                break;
            case CompleteEvent or ErrorEvent:
                Ended = true;
                break;
        }
    }

    private void Apply(RawJson message)
    {
        _messages.Add(message);
        var calls = JsonSerializer.Deserialize(message.Utf8.Span, EngineJson.Default.AssistantMessage)?.ToolCalls;
        if (calls is not { Count: > 0 })
        {
            Answered = true;
            return;
        }

        ToolRounds++;
        Round = new ToolCallBatch(calls);
        foreach (var call in calls)
            _toolCallIds.Add(call.Id);
    }

    private void Apply(ToolCallResultEvent call)
    {
        if (Round is null)
            return;
        Round.End(call);
        if (!Round.IsComplete)
            return;
        _messages.AddRange(Round.ResultsInCallOrder());
        Round = null;
    }
}
