using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>
/// Maps a chat to the chunks of a UI message. A turn that waits for a person ends the stream; the stream that continues it starts after that point. Versions of
/// the AI SDK that can't take back text get an error if a crash makes text void, and the client's retry follows the same turn.
/// </summary>
internal sealed class UiMessageMapping(TurnResponse turn, UiMessageView view) : ITurnEventMapping
{
    // A continued turn's ids start far after those of the events that a crash may have lost.
    private const long LeastGap = 1000;

    private const string Interrupted = "The server restarted in the middle of the answer. Retry to see it from the beginning.";

    private readonly UiToolCalls _calls = new();
    private readonly Dictionary<string, UiPersonRequest> _requests = new(StringComparer.Ordinal);
    private readonly List<TurnEvent> _held = [];
    private readonly List<CitationEvent> _sources = [];
    private UiMessageWriter? _writer;
    private string? _model;
    private long _lastId;
    private long _beforeGap;
    private bool _hasFailed;
    private bool _isParked;
    private bool _isAnswering;
    private bool _callsClient;

    public void Map(TurnEvent turnEvent, EventStreamWriter records)
    {
        if (records.EventId - _lastId > LeastGap)
            _beforeGap = _lastId;
        _lastId = records.EventId;
        if (_hasFailed || view.Void.Includes(records.EventId, turn.After))
            return;
        if (view.Void.MayInclude(records.EventId, turn.After))
        {
            _held.Add(turnEvent);
            return;
        }

        var isVoid = turnEvent is MessageResetEvent && _held.Count > 0;
        var held = isVoid ? [] : _held.ToArray();
        _held.Clear();
        _isParked = turnEvent is ParkedEvent;
        _writer ??= new UiMessageWriter(records, view);
        _writer.StartMessage();
        foreach (var earlier in held)
            Map(earlier, _writer, records);
        if (!isVoid)
            Map(turnEvent, _writer, records);
    }

    public void Interrupt(EventStreamWriter records)
    {
        if (_hasFailed)
            return;
        if (_isParked)
        {
            _writer!.StartMessage(isEnd: true);
            _writer.End(null, "tool-calls", MetadataOf(null, null));
        }
        else
        {
            turn.Http.Abort(); // The AI SDK takes a stream that ends for a complete answer, and reconnects only after a failed one.
        }
    }

    private void Map(TurnEvent turnEvent, UiMessageWriter writer, EventStreamWriter records)
    {
        switch (turnEvent)
        {
            case StatusEvent status:
                _model = $"{status.Provider}:{status.Model}";
                break;
            case LlmRequestEvent { Tool: null }:
                _isAnswering = true;
                writer.StartStep();
                break;
            case ReasoningEvent reasoning:
                writer.Reasoning(reasoning.Content);
                break;
            case DeltaEvent delta:
                writer.Text(delta.Content);
                break;
            case MessageCompleteEvent completed:
                _calls.Add(FinishedMessage.Of(completed.Message));
                if (writer.EndParts(_calls.Metadata))
                    _calls.Metadata = null;
                _isAnswering = false;
                foreach (var source in _sources)
                    Show(source, writer);
                _sources.Clear();
                break;
            case MessageResetEvent:
                Reset(writer, records);
                _sources.Clear();
                break;
            case ToolCallStartEvent call:
                _calls.Show(call.Id, call.Name, call.Arguments, writer);
                break;
            case ToolCallProgressEvent progress:
                writer.Write(DataPart("data-tool-progress", progress.Id, new UiToolProgress(progress.Id, progress.Name, progress.Status)
                {
                    Message = progress.Message,
                    Completed = progress.Completed,
                    Total = progress.Total,
                }) with
                { Transient = true });
                break;
            case ToolCallResultEvent result:
                _calls.Show(result.Id, result.Name, null, writer);
                writer.Part(_calls.ResultOf(result, view.Version));
                break;
            case CitationEvent citation when _isAnswering:
                // Before it, the text must end with what goes back to the provider.
                _sources.Add(citation);
                break;
            case CitationEvent citation:
                Show(citation, writer);
                break;
            case ClientToolCallsEvent calls:
                _callsClient = true;
                foreach (var call in calls.Calls)
                    _calls.ShowClient(call, view.Version, writer);
                break;
            case ApprovalRequestEvent request:
                Ask(request, writer);
                break;
            case InputRequestEvent request:
                Ask("data-input-request", request, new UiPersonRequest(turn.TurnId, request.Id, request.ExpiresAt)
                {
                    ToolCallId = request.CallId,
                    Message = request.Message,
                    Schema = request.Schema,
                    Url = request.Url,
                    SignIn = request.SignIn,
                }, writer);
                break;
            case BudgetRequestEvent request:
                Ask("data-budget-request", request, new UiPersonRequest(turn.TurnId, request.Id, request.ExpiresAt)
                {
                    ToolCallId = request.CallId,
                    Limit = request.Limit,
                    Used = request.Used,
                    Needed = request.Needed,
                }, writer);
                break;
            case RequestAnsweredEvent answered:
                Answer(answered, writer);
                break;
            case CompleteEvent complete:
                writer.End(null, complete.StoppedBy == "length" ? "length" : _callsClient ? "tool-calls" : "stop", MetadataOf(complete.Usage, complete.StoppedBy));
                break;
            case ErrorEvent { Code: ErrorCode.Cancelled }:
                writer.End(new UiMessageChunk("abort"), null, null);
                break;
            case ErrorEvent failed:
                writer.End(
                    new UiMessageChunk("error") { ErrorText = failed.Message }, failed.Code == ErrorCode.ContentFiltered ? "content-filter" : "error", null);
                break;
        }
    }

    private static void Show(CitationEvent source, UiMessageWriter writer) =>
        writer.Part(new UiMessageChunk("source-url") { SourceId = $"{source.Number}", Url = source.Url, Title = source.Title });

    private void Ask(ApprovalRequestEvent request, UiMessageWriter writer)
    {
        _calls.Show(request.CallId, request.Name, request.Arguments, writer);
        _calls.Ask(request);
        if (view.Version.HasApprovals)
        {
            writer.Part(new UiMessageChunk("tool-approval-request") { ApprovalId = new PersonRequestId(turn.TurnId, request.Id).ToString(), ToolCallId = request.CallId });
            return;
        }

        Ask("data-approval-request", request, new UiPersonRequest(turn.TurnId, request.Id, request.ExpiresAt)
        {
            ToolCallId = request.CallId,
            ToolName = request.Name,
            Input = UiToolCalls.JsonOf(request.Arguments),
            Message = request.Reason,
        }, writer);
    }

    private void Ask(string type, IPersonRequest request, UiPersonRequest data, UiMessageWriter writer)
    {
        _requests.Add(request.Id, data);
        writer.Part(DataPart(type, $"{turn.TurnId}.{request.Id}", data));
    }

    private void Answer(RequestAnsweredEvent answered, UiMessageWriter writer)
    {
        _calls.Answer(answered);
        if (!_requests.TryGetValue(answered.Id, out var request))
            return;
        var type = request.Schema is not null ? "data-input-request" : request.Limit is not null ? "data-budget-request" : "data-approval-request";
        writer.Part(DataPart(type, $"{turn.TurnId}.{answered.Id}", request with { Answer = answered.Type }));
    }

    private void Reset(UiMessageWriter writer, EventStreamWriter records)
    {
        // The client may have text that was lost with the process that sent it.
        var hasLostText = _beforeGap > 0 && turn.After > _beforeGap;
        var cannotTell = _beforeGap > 0 && writer.Count < view.StartIndex;
        if (cannotTell || (!view.Version.HasResets && (writer.HasContent || hasLostText)))
        {
            _hasFailed = true;
            writer.Fail(Interrupted);
            records.Complete();
        }
        else if (writer.HasContent || hasLostText)
        {
            writer.ResetStep();
        }
    }

    private static UiMessageChunk DataPart<T>(string type, string id, T data) => new(type)
    {
        Id = id,
        Data = new RawJson(JsonSerializer.SerializeToUtf8Bytes(data, typeof(T), UiMessageJson.Relaxed)),
    };

    private UiMessageMetadata MetadataOf(ModelUsage? usage, string? stoppedBy) => new()
    {
        TurnId = turn.TurnId,
        Model = _model,
        StoppedBy = stoppedBy,
        Usage = usage is null ? null : new UiUsage(usage.InputTokens, usage.OutputTokens, usage.InputTokens + usage.OutputTokens)
        {
            CachedInputTokens = usage.CachedInputTokens,
            ReasoningTokens = usage.ReasoningTokens,
        },
    };
}
