using System.Diagnostics.CodeAnalysis;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Web.Formats.OpenAiChat;

namespace FuncChat.Web.Formats.Responses;

/// <summary>
/// Builds a response, a part of a turn, from the turn's events. It emits the events of a stream in the order that OpenAI's libraries require, and holds the
/// response that they add up to.
/// </summary>
/// <remarks>Text that a crash made void stays in the stream as an item with the status `incomplete`, and is not in the response.</remarks>
internal sealed class ResponseBuilder
{
    private const string Queued = "queued";

    private readonly ResponseId _id;
    private readonly ResponseSequence _sequence;
    private readonly ResponseOutput _output;
    private readonly OpenCalls _calls;
    private readonly ClientCalls _clientCalls;
    private readonly CitedSources _sources = new();
    private readonly List<int> _itemsOfCall = [];
    private readonly Dictionary<string, string> _toolNames = new(StringComparer.Ordinal);
    private readonly Action<ResponseEvent>? _emit;
    private ModelUsage _usage = new(0, 0);
    private OpenText? _text;
    private OpenText? _held;
    private bool _hasText;
    private bool _hasReasoning;
    private bool _isCut;
    private bool _hasStarted;
    private int _part = 1;
    private string? _status;
    private DateTimeOffset? _completed;
    private IncompleteDetails? _incomplete;

    /// <param name="emit">Receives the events; null if only the response counts.</param>
    public ResponseBuilder(ResponseId id, Action<ResponseEvent>? emit = null)
    {
        _id = id;
        _emit = emit;
        _sequence = new ResponseSequence(emit);
        _output = new ResponseOutput(_sequence);
        _calls = new OpenCalls(id, _output, _sequence);
        _clientCalls = new ClientCalls(id, _output, _sequence);
    }

    [SetsRequiredMembers]
    private ResponseBuilder(ResponseBuilder before)
    {
        _id = before._id with { Part = before._id.Part + 1 };
        _part = _id.Part;
        _emit = before._emit;
        _sources = before._sources;
        _toolNames = before._toolNames;
        _sequence = new ResponseSequence(_emit);
        _output = new ResponseOutput(_sequence);
        _calls = new OpenCalls(_id, _output, _sequence, before._calls);
        _clientCalls = new ClientCalls(_id, _output, _sequence);
        Outcome = before.Outcome;
        Settings = before.Settings;
    }

    /// <summary>What the response repeats of its request.</summary>
    public required ResponseSettings Settings { get; init; }

    /// <summary>The turn's result so far.</summary>
    public ChatOutcome Outcome { get; } = new();

    /// <summary>Whether the response has ended. The turn may continue with another part.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The error that ended the response.</summary>
    public AppError? Error { get; private set; }

    /// <summary>Whether the part has begun.</summary>
    public bool HasBegun => _part == _id.Part;

    /// <summary>The lowest number that no event has yet.</summary>
    public long UnusedNumber => _sequence.Unused;

    /// <summary>Whether a message is being written.</summary>
    public bool IsWritingMessage => _text is { Kind: not TextKind.Reasoning };

    /// <summary>The response as it is now.</summary>
    public OpenAiResponse Response => new(Settings)
    {
        Id = _id.ToString(),
        Status = _status ?? (Settings.Background ? Queued : ItemStatus.InProgress),
        Model = Settings.Model.Length > 0 ? Settings.Model : Outcome.Model,
        PreviousResponseId = _id.Part == 1 ? Settings.PreviousResponseId : (_id with { Part = _id.Part - 1 }).ToString(),
        Output = _text is null ? _output.Items : _output.ItemsWith(_text.Index, _text.ToJson()),
        CompletedAt = _status == ItemStatus.Completed ? _completed?.ToUnixTimeSeconds() : null,
        Usage = HasEnded && (Error is null || _usage.InputTokens + _usage.OutputTokens > 0) ? ResponseUsage.Of(_usage) : null,
        IncompleteDetails = _incomplete,
        Error = Error is { Code: not ErrorCode.Cancelled } error ? new ResponseError(CodeOf(error), error.Message) : null,
    };

    /// <summary>The builder of the next part, which this one's events are known to. This part has ended, and this builder is no longer used.</summary>
    public ResponseBuilder Next() => new(this);

    public void Apply(long eventId, TurnEvent turnEvent)
    {
        if (HasEnded)
            return;
        Outcome.Add(turnEvent);
        _sources.Add(turnEvent);
        if (!HasBegun)
        {
            Skip(turnEvent);
            return;
        }

        _sequence.Begin(eventId);
        if (!_hasStarted)
            Start();
        ApplyOwn(turnEvent);
    }

    // Of the parts before, only what later ones refer to counts.
    private void Skip(TurnEvent turnEvent)
    {
        switch (turnEvent)
        {
            case ParkedEvent:
                _part++;
                break;
            case MessageCompleteEvent completed:
                Remember(FinishedMessage.Of(completed.Message));
                break;
            case ToolCallStartEvent call:
                _calls.Note(call.Id, call.Arguments);
                break;
            case ApprovalRequestEvent asked:
                _calls.NoteApproval(asked);
                break;
        }
    }

    private void ApplyOwn(TurnEvent turnEvent)
    {
        switch (turnEvent)
        {
            case LlmRequestEvent { Tool: null }:
                _itemsOfCall.Clear();
                _hasText = false;
                _hasReasoning = false;
                break;
            case LlmResponseEvent call:
                _usage += call.Usage ?? new ModelUsage(0, 0);
                if (call.Tool is null)
                    _isCut = call.FinishReason == FinishReason.Length;
                break;
            case ReasoningEvent reasoning:
                _hasReasoning = true;
                Write(TextKind.Reasoning, reasoning.Content);
                break;
            case DeltaEvent delta:
                _hasText = true;
                Write(delta.Refusal == true ? TextKind.Refusal : TextKind.Message, delta.Content);
                break;
            case MessageCompleteEvent completed:
                Complete(FinishedMessage.Of(completed.Message));
                break;
            case MessageResetEvent:
                Reset();
                break;
            case CitationEvent source when !_sources.IsAnswering:
                _calls.Note(source);
                break;
            case ToolCallStartEvent call:
                Close();
                _calls.Start(call);
                break;
            case ToolCallResultEvent call:
                Close();
                _calls.End(call);
                break;
            case IPersonRequest request:
                Close();
                _calls.Ask(request);
                break;
            case ClientToolCallsEvent calls:
                Close();
                var names = new ClientToolNames(Settings.Tools);
                foreach (var call in calls.Calls)
                    _clientCalls.Add(call, names.Find(call.Name), _isCut && !call.CanRun() ? ItemStatus.Incomplete : ItemStatus.Completed);
                break;
            case ParkedEvent parked:
                _completed = parked.At;
                End(ItemStatus.Completed, "response.completed");
                break;
            case CompleteEvent { StoppedBy: "length" }:
                _incomplete = new IncompleteDetails("max_output_tokens");
                End(ItemStatus.Incomplete, "response.incomplete");
                break;
            case CompleteEvent complete:
                _completed = complete.At;
                End(ItemStatus.Completed, "response.completed");
                break;
            case ErrorEvent when Outcome.IsFilteredAnswer:
                _incomplete = new IncompleteDetails("content_filter");
                End(ItemStatus.Incomplete, "response.incomplete");
                break;
            case ErrorEvent:
                Fail(Outcome.Error!);
                break;
        }
    }

    private void Start()
    {
        _hasStarted = true;
        EmitResponse("response.created");
        if (Settings.Background)
            EmitResponse("response.queued");
        _status = ItemStatus.InProgress;
        EmitResponse("response.in_progress");
    }

    private void Write(TextKind kind, JsonText piece)
    {
        if (_text is not null && _text.Kind != kind && !Hold())
            Close();
        if (_text is null)
        {
            _text = OpenText.Open(kind, _id, _output, _sequence);
            _itemsOfCall.Add(_text.Index);
        }

        _text.Append(piece);
    }

    private void Complete(FinishedMessage message)
    {
        if (!_hasText && message.Text is { Length: > 0 } text)
            Write(TextKind.Message, JsonText.Of(text));
        var status = _isCut ? ItemStatus.Incomplete : ItemStatus.Completed;
        var state = Settings.IncludesState && message.HasState ? Encoding.UTF8.GetString(message.ProviderData!.Value.Utf8.Span) : null;
        Close(status, state);
        if (!_hasReasoning && (state is not null || (message.Calls.Count > 0 && message.HasState)))
            AddState(state);
        Remember(message);
    }

    // What the provider wants back is known when the message is complete, and the client wants it with the reasoning, which is before the text.
    private bool Hold()
    {
        if (!Settings.IncludesState || _held is not null || _text is not { Kind: TextKind.Reasoning })
            return false;
        _held = _text;
        _held.Hold();
        _text = null;
        return true;
    }

    // Reasoning that the provider does not show. Without calls, only who includes its state has a use for it.
    private void AddState(string? state)
    {
        var number = _sequence.Next();
        _output.AddWhole(number, ResponseSequence.Json(
            new ReasoningItem(_id.ItemId("rs", number), ItemStatus.Completed, []) { EncryptedContent = state }, ResponsesJson.Relaxed.ReasoningItem));
    }

    private void Remember(FinishedMessage message)
    {
        foreach (var call in message.Calls)
        {
            _toolNames[call.Id] = call.Name;
            _calls.Note(call.Id, call.Arguments);
        }
    }

    private void Reset()
    {
        Close(ItemStatus.Incomplete);
        _itemsOfCall.ForEach(_output.Remove);
        _itemsOfCall.Clear();
    }

    /// <param name="state">What the provider wants back with the reasoning.</param>
    private void Close(string status = ItemStatus.Completed, string? state = null)
    {
        _text?.Close(status, _sources, _held is null ? state : null);
        _held?.Finish(status, state);
        _text = _held = null;
    }

    private void Fail(AppError error)
    {
        Error = error;
        End(error.Code == ErrorCode.Cancelled ? "cancelled" : ItemStatus.Failed, "response.failed");
    }

    private void End(string status, string type)
    {
        Close(status == ItemStatus.Completed ? status : ItemStatus.Incomplete);
        _calls.CloseAll(callId => _toolNames.GetValueOrDefault(callId, ""));
        _status = status;
        HasEnded = true;
        EmitResponse(type);
    }

    private void EmitResponse(string type)
    {
        var number = _sequence.Next();
        if (_sequence.IsWanted)
            _sequence.Emit(new ResponseEvent(type, number) { Response = Response });
    }

    private static string CodeOf(AppError error) => Http.OpenAiError.Of(error).Error.Code ?? "invalid_prompt";
}
