using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Formats.AgUi;

/// <summary>
/// Maps a chat to the events of a run of AG-UI. A turn that waits for a person ends the run with interrupts; the run that continues it starts after that point.
/// </summary>
internal sealed class AgUiMapping(TurnResponse turn, AgUiView view) : ITurnEventMapping
{
    private readonly AgUiTranscript _transcript = new(turn.TurnId, view.Messages);
    private readonly AgUiInterrupts _interrupts = new(turn.TurnId);
    private readonly List<AgUiSource> _sources = [];
    private readonly Dictionary<string, string> _arguments = new(StringComparer.Ordinal);
    private readonly List<string> _clientCalls = [];
    private AgUiWriter? _writer;
    private string? _provider;
    private string? _model;
    private long _lastId;
    private bool _isParked;
    private bool _isAnswering;
    private int _shownSources;

    public void Map(TurnEvent turnEvent, EventStreamWriter records)
    {
        _isParked = turnEvent is ParkedEvent;
        _writer ??= new AgUiWriter(records, view, _transcript);
        _writer.StartRun();
        Map(turnEvent, _writer);
        _lastId = records.EventId;
    }

    public void Interrupt(EventStreamWriter records)
    {
        if (_isParked)
        {
            _writer!.StartRun(isEnd: true);
            if (view.HasMessages)
                _writer.Snapshot();
            _writer.State();
            _writer.Finish(new AgUiOutcome("interrupt") { Interrupts = _interrupts.Open }, null);
        }
        else
        {
            turn.Http.Abort(); // A stream that ends in the middle looks like the end of a run that failed; one that is cut can be followed again.
        }
    }

    private void Map(TurnEvent turnEvent, AgUiWriter writer)
    {
        switch (turnEvent)
        {
            case StatusEvent status:
                (_provider, _model) = (status.Provider, status.Model);
                break;
            case LlmRequestEvent { Tool: null }:
                _isAnswering = true;
                writer.StartStep();
                break;
            case LlmResponseEvent { Tool: null }:
                writer.EndStep();
                break;
            case ReasoningEvent reasoning:
                writer.Reasoning(reasoning.Content);
                break;
            case DeltaEvent delta:
                writer.Text(delta.Content);
                break;
            case MessageCompleteEvent completed:
                var message = FinishedMessage.Of(completed.Message);
                foreach (var call in message.Calls)
                    _arguments[call.Id] = call.Arguments;
                writer.EndMessage(message.ProviderData);
                _isAnswering = false;
                if (_sources.Count > _shownSources)
                    ShowSources(writer);
                break;
            case MessageResetEvent:
                // A client that continues may have text that was lost with the process that sent it.
                if (writer.HasText || turn.After > _lastId)
                    writer.Reset();
                _sources.RemoveRange(_shownSources, _sources.Count - _shownSources);
                break;
            case ToolCallStartEvent call:
                writer.Call(call.Id, call.Name, call.Arguments);
                break;
            case ToolCallProgressEvent progress:
                writer.Activity($"{turn.TurnId}.progress.{progress.Id}", "tool_progress", new AgUiActivity(progress.Id, progress.Name, progress.Status)
                {
                    Message = progress.Message,
                    Completed = progress.Completed,
                    Total = progress.Total,
                });
                break;
            case ToolCallResultEvent result:
                writer.Call(result.Id, result.Name, _arguments.GetValueOrDefault(result.Id, "{}"));
                writer.Result(result);

                // CopilotKit adds the user's answer as the result of the call, and would keep it instead of the real one.
                if (view.HasMessages && view.OwnResults.Contains(result.Id))
                    writer.Snapshot();
                break;
            case CitationEvent citation:
                _sources.Add(new AgUiSource(citation.Number, citation.Url, citation.Title));

                // Those of an answer follow its message.
                if (!_isAnswering)
                    ShowSources(writer);
                break;
            case ClientToolCallsEvent calls:
                foreach (var call in calls.Calls)
                    Show(call, writer);
                break;
            case ApprovalRequestEvent request:
                writer.Call(request.CallId, request.Name, request.Arguments);
                _interrupts.Add(request);
                break;
            case InputRequestEvent request:
                _interrupts.Add(request);
                break;
            case BudgetRequestEvent request:
                _interrupts.Add(request);
                break;
            case RequestAnsweredEvent answered:
                _interrupts.Answer(answered);
                break;
            case CompleteEvent complete:
                writer.Finish(new AgUiOutcome("success") { PendingToolCallIds = view.KnowsVersion1 && _clientCalls.Count > 0 ? _clientCalls : null }, [UsageOf(complete.Usage)]);
                break;
            case ErrorEvent { Code: ErrorCode.Cancelled }:
                writer.Finish(view.KnowsVersion1 ? new AgUiOutcome("cancelled") : null, null);
                break;
            case ErrorEvent failed:
                writer.Fail(failed.Message, failed.Code);
                break;
        }
    }

    private void ShowSources(AgUiWriter writer)
    {
        _shownSources = _sources.Count;
        writer.Activity($"{turn.TurnId}.sources", "sources", new AgUiSources([.. _sources]));
    }

    // Clients do not run a call that has a result.
    private void Show(ClientToolCall call, AgUiWriter writer)
    {
        writer.Call(call.Id, call.Name, call.Arguments);
        if (call.CanRun())
            _clientCalls.Add(call.Id);
        else
            writer.Result(new ToolCallResultEvent(call.Id, call.Name, ClientToolCall.Invalid, 0) { Error = true });
    }

    private AgUiUsage UsageOf(ModelUsage usage) => new(_provider, _model, usage.InputTokens, usage.OutputTokens, usage.InputTokens + usage.OutputTokens)
    {
        CachedInputTokens = usage.CachedInputTokens,
        ReasoningTokens = usage.ReasoningTokens,
    };
}
