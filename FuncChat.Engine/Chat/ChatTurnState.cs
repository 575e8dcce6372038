using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Chat;

/// <summary>
/// The progress of a chat. It follows from the turn's events alone: a running turn applies each event that it appends, a continued one first applies
/// those in the log, and both continue from there.
/// </summary>
/// <param name="clientTools">The names of the tools that the client runs, and that the model may call.</param>
internal sealed class ChatTurnState(IReadOnlySet<string> clientTools)
{
    private readonly List<RawJson> _messages = [];
    private readonly List<ClientToolCall> _clientCalls = [];
    private readonly HashSet<string> _toolCallIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _warnedBudgets = new(StringComparer.Ordinal);

    /// <summary>The names of the tools that the client runs, and that the model may call.</summary>
    public IReadOnlySet<string> ClientTools => clientTools;

    /// <summary>The messages that the turn has added: the assistant's and the tools'.</summary>
    public IReadOnlyList<RawJson> Messages => _messages;

    /// <summary>The turn's own model calls that have begun.</summary>
    public int Iteration { get; private set; }

    /// <summary>Rounds of tool calls that have begun.</summary>
    public int ToolRounds { get; private set; }

    /// <summary>Tokens of all model calls, those of tools included.</summary>
    public ModelUsage Usage { get; private set; } = new(0, 0);

    /// <summary>The budgets of which the turn has warned.</summary>
    public IReadOnlySet<string> WarnedBudgets => _warnedBudgets;

    /// <summary>The tool calls that wait for their results, if any.</summary>
    public ToolCallBatch? Round { get; private set; }

    /// <summary>The turn's requests to a person.</summary>
    public PersonRequests Requests { get; } = new();

    /// <summary>A model call has begun whose message is missing.</summary>
    public bool ModelCallOpen { get; private set; }

    /// <summary>The finish reason of the turn's last model call.</summary>
    public string FinishReason { get; private set; } = "";

    /// <summary>Nothing is left to do for the model's last message: it calls no tool of this server, or their results are there.</summary>
    public bool Answered { get; private set; }

    /// <summary>The calls of the last message that the client runs, while they have not been announced.</summary>
    public IReadOnlyList<ClientToolCall> ClientCalls => _clientCalls;

    /// <summary>The turn ends so that the client runs the calls of the last message.</summary>
    public bool EndsForClient { get; private set; }

    /// <summary>The sources that the turn's tools have found, and its answers came with.</summary>
    public TurnSources Sources { get; } = new();

    public bool Started { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>Whether a tool call of this turn already has that id.</summary>
    public bool HasToolCall(string id) => _toolCallIds.Contains(id);

    public void Apply(TurnEvent turnEvent)
    {
        Requests.Apply(turnEvent);
        switch (turnEvent)
        {
            case StatusEvent:
                Started = true;
                break;
            case LlmRequestEvent { Tool: null } call:
                Iteration = call.Iteration;
                ModelCallOpen = true;
                Sources.BeginCall();
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
                // The repeated call has the same number.
                Iteration = reset.Iteration - 1;
                ModelCallOpen = false;
                Sources.ResetCall();
                break;
            case MessageCompleteEvent completed:
                ModelCallOpen = false;
                Sources.EndAnswer(completed.Message);
                Apply(completed.Message);
                break;
            case ToolCallStartEvent call:
                Round?.Start(call.Id);
                break;
            case ToolCallResultEvent call:
                Apply(call);
                break;
            case BudgetWarningEvent warning:
                _warnedBudgets.Add(warning.Limit);
                break;
            case CitationEvent citation:
                Sources.Apply(citation);
                break;
            case ClientToolCallsEvent:
                _clientCalls.Clear();
                break;
            case CompleteEvent or ErrorEvent:
                Ended = true;
                break;
        }
    }

    private void Apply(RawJson message)
    {
        _messages.Add(message);

        // This server wrote the message, and escapes no name.
        var calls = message.Utf8.Span.IndexOf("\"tool_calls\""u8) < 0 ? null : JsonSerializer.Deserialize(message.Utf8.Span, EngineJson.Default.AssistantMessage)?.ToolCalls;
        if (calls is not { Count: > 0 })
        {
            Answered = true;
            return;
        }

        // In the message, it looks like a call without arguments. One that is complete has CompleteNoArguments.
        if (FinishReason == Models.FinishReason.Length && calls[^1] is { Function.Arguments: ToolCallText.NoArguments } cut)
            calls = [.. calls.SkipLast(1), cut with { Function = cut.Function with { Arguments = "" } }];

        ToolRounds++;
        foreach (var call in calls)
            _toolCallIds.Add(call.Id);
        var own = calls.Where(call => !clientTools.Contains(call.Function.Name)).ToList();
        _clientCalls.AddRange(calls.Except(own).Select(call =>
            new ClientToolCall(call.Id, call.Function.Name, ToolCallText.ToClient(call.Function.Arguments))));
        Answered = own.Count == 0;
        EndsForClient = own.Count < calls.Count;
        Round = own.Count > 0 ? new ToolCallBatch(own) : null;
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
        Answered = EndsForClient;
    }
}
