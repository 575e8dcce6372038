using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Web.Formats.UiMessages;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.AgUi;

/// <summary>Writes the events of one run: its steps, the message that is open, and its tool calls. Events before the run are not written.</summary>
internal sealed class AgUiWriter(EventStreamWriter records, AgUiView view, AgUiTranscript transcript)
{
    private static readonly JsonTypeInfo<AgUiEvent> Json = AgUiJson.Relaxed.AgUiEvent;

    private readonly StringBuilder _content = new();
    private readonly HashSet<string> _calls = new(StringComparer.Ordinal);
    private bool _hasStarted;
    private int _steps;
    private string? _step;
    private string? _text;
    private string? _reasoning;
    private string? _lastReasoning;
    private string? _message;
    private bool _hasMessage;
    private string? _earlier;
    private string? _pendingValue;

    /// <summary>Whether the model's answer has begun, and is not complete.</summary>
    public bool HasText { get; private set; }

    /// <summary>Starts the run, if the stream has reached it.</summary>
    /// <param name="isEnd">Whether no more events come.</param>
    public void StartRun(bool isEnd = false)
    {
        if (_hasStarted || (!isEnd && records.EventId <= view.After))
            return;
        _hasStarted = true;
        _earlier = _hasMessage ? _message : null;
        Write(new AgUiEvent("RUN_STARTED") { ThreadId = view.ThreadId, RunId = view.RunId });
    }

    public void StartStep()
    {
        EndStep();
        _message = _lastReasoning = _pendingValue = null;
        _hasMessage = false;
        Write(new AgUiEvent("STEP_STARTED") { StepName = _step = string.Create(CultureInfo.InvariantCulture, $"model_call_{++_steps}") });
    }

    public void EndStep()
    {
        if (_step is not null)
            Write(new AgUiEvent("STEP_FINISHED") { StepName = _step });
        _step = null;
    }

    public void Text(JsonText delta)
    {
        HasText = true;
        EndReasoning();
        if (_text is null)
        {
            _text = _message = transcript.NextId();
            _hasMessage = true;
            Write(new AgUiEvent("TEXT_MESSAGE_START") { MessageId = _text, Role = "assistant" });
        }

        _content.Append(delta.ToString());
        Write(new AgUiEvent("TEXT_MESSAGE_CONTENT") { MessageId = _text, Delta = delta });
    }

    public void Reasoning(JsonText delta)
    {
        HasText = true;
        EndText();
        if (_reasoning is null)
        {
            _reasoning = transcript.NextId();
            Write(new AgUiEvent("REASONING_START") { MessageId = _reasoning });
            Write(new AgUiEvent("REASONING_MESSAGE_START") { MessageId = _reasoning, Role = "reasoning" });
        }

        _content.Append(delta.ToString());
        Write(new AgUiEvent("REASONING_MESSAGE_CONTENT") { MessageId = _reasoning, Delta = delta });
    }

    /// <summary>Ends the model's answer.</summary>
    /// <param name="providerData">What its provider wants back with it.</param>
    public void EndMessage(RawJson? providerData)
    {
        EndReasoning();
        EndText();
        HasText = false;
        if (providerData is null)
            return;
        _message ??= transcript.NextId();
        var value = Encoding.UTF8.GetString(providerData.Value.Utf8.Span);
        transcript.Change(_message, "assistant", message => message with { EncryptedValue = value });
        _pendingValue = value;
        WritePendingValue();
    }

    /// <summary>Shows a tool call, if the client does not know it.</summary>
    public void Call(string id, string name, string arguments)
    {
        if (!_calls.Add(id))
            return;
        _message = _message is null ? transcript.NextId() : _message == _earlier ? AgUiTranscript.MoreOf(_message) : _message;
        _hasMessage = true;
        transcript.Change(_message, "assistant", message => message with
        {
            ToolCalls = [.. message.ToolCalls ?? [], new AgUiToolCall(id, "function", new AgUiFunction(name, arguments))],
        });
        Write(new AgUiEvent("TOOL_CALL_START") { ToolCallId = id, ToolCallName = name, ParentMessageId = _message });
        WritePendingValue();
        if (arguments.Length > 0)
            Write(new AgUiEvent("TOOL_CALL_ARGS") { ToolCallId = id, Delta = JsonText.Of(arguments) });
        Write(new AgUiEvent("TOOL_CALL_END") { ToolCallId = id });
    }

    public void Result(ToolCallResultEvent result)
    {
        var id = transcript.NextId();
        transcript.Add(new AgUiMessage(id, "tool") { ToolCallId = result.Id, Content = result.Content });
        Write(new AgUiEvent("TOOL_CALL_RESULT") { MessageId = id, ToolCallId = result.Id, Content = UiToolCalls.StringOf(result.Content), Role = "tool" });
    }

    public void Activity<T>(string id, string type, T content) => Write(new AgUiEvent("ACTIVITY_SNAPSHOT")
    {
        MessageId = id,
        ActivityType = type,
        Content = new RawJson(JsonSerializer.SerializeToUtf8Bytes(content, typeof(T), AgUiJson.Relaxed)),
    });

    /// <summary>Takes back what the model has written in this step: the messages of the thread replace those of the client.</summary>
    public void Reset()
    {
        // A client keeps its reasoning if the snapshot has none.
        var reasoning = _reasoning ?? _lastReasoning;
        if (_reasoning is not null)
            WriteReasoningEnd();
        if (_text is not null)
            Write(new AgUiEvent("TEXT_MESSAGE_END") { MessageId = _text });
        if (reasoning is not null)
            transcript.Change(reasoning, "reasoning", message => message with { Content = "" });
        _text = _reasoning = _lastReasoning = null;
        _content.Clear();
        HasText = false;
        Snapshot();
    }

    public void Snapshot() => Write(new AgUiEvent("MESSAGES_SNAPSHOT") { Messages = transcript.ToJson() });

    public void State()
    {
        if (view.State is { } state)
            Write(new AgUiEvent("STATE_SNAPSHOT") { Snapshot = state });
    }

    public void Finish(AgUiOutcome? outcome, IReadOnlyList<AgUiUsage>? usage)
    {
        EndReasoning();
        EndText();
        EndStep();
        Write(new AgUiEvent("RUN_FINISHED") { ThreadId = view.ThreadId, RunId = view.RunId, Outcome = outcome, Usage = usage });
    }

    /// <summary>Ends the run with an error.</summary>
    public void Fail(string message, ErrorCode code) =>
        Write(new AgUiEvent("RUN_ERROR") { Message = message, Code = ErrorCodeName.Of(code) });

    public void Write(AgUiEvent record)
    {
        if (_hasStarted)
            records.Write(record, Json);
    }

    // The client knows the message once it has a text or a call.
    private void WritePendingValue()
    {
        if (_pendingValue is not null && _hasMessage)
        {
            Write(new AgUiEvent("REASONING_ENCRYPTED_VALUE") { Subtype = "message", EntityId = _message, EncryptedValue = _pendingValue });
            _pendingValue = null;
        }
    }

    private void EndText()
    {
        if (_text is null)
            return;
        var content = TakeContent();
        transcript.Change(_text, "assistant", message => message with { Content = content });
        Write(new AgUiEvent("TEXT_MESSAGE_END") { MessageId = _text });
        _text = null;
    }

    private void EndReasoning()
    {
        if (_reasoning is null)
            return;
        var content = TakeContent();
        transcript.Change(_reasoning, "reasoning", message => message with { Content = content });
        WriteReasoningEnd();
        _lastReasoning = _reasoning;
        _reasoning = null;
    }

    private void WriteReasoningEnd()
    {
        Write(new AgUiEvent("REASONING_MESSAGE_END") { MessageId = _reasoning });
        Write(new AgUiEvent("REASONING_END") { MessageId = _reasoning });
    }

    private string TakeContent()
    {
        var content = _content.ToString();
        _content.Clear();
        return content;
    }
}
