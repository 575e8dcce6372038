using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>
/// Maps a chat to OpenAI's `chat.completion.chunk`: its text, its reasoning, the calls of the client's tools, its end and its error. The format can't take
/// back text that a crash made void, so that is an error; a stream that starts after the crash leaves the text out.
/// </summary>
/// <remarks>
/// Nothing is written before the model's first piece: an error before it is the response, with its status. A keep-alive comment sets the head earlier.
/// </remarks>
internal sealed class OpenAiChatMapping(TurnResponse turn, VoidText voidText) : ITurnEventMapping
{
    private readonly ChatOutcome _outcome = new();
    private readonly bool _isOpenAi = OpenAiPath.Includes(turn.Http.Request.Path);
    private readonly bool _includeUsage = turn.Body?.IncludeUsage == true || OpenAiChatFormat.AsksForUsage(turn.Http.Request);
    private readonly CitedSources _sources = new();
    private readonly List<string> _texts = [];
    private readonly List<TurnEvent> _held = [];
    private bool _hasRole;
    private bool _textSinceCall;
    private bool _textBefore;
    private bool _reasoningSinceCall;
    private bool _reasoningBefore;
    private bool _refusalSinceCall;
    private bool _hasRefused;
    private bool _failed;
    private long _lastId;
    private bool _mayHaveLostText;
    private FinishedMessage? _last;

    public void Map(TurnEvent turnEvent, EventStreamWriter records)
    {
        // The client may have text that was lost with the process that sent it.
        _mayHaveLostText = turn.After > _lastId;
        _lastId = records.EventId;
        if (_failed || voidText.Includes(records.EventId, turn.After))
            return;
        if (voidText.MayInclude(records.EventId, turn.After))
        {
            _held.Add(turnEvent);
            return;
        }

        // A reset voids what is held.
        var isVoid = turnEvent is MessageResetEvent && _held.Count > 0;
        TurnEvent[] next = isVoid ? [] : [.. _held, turnEvent];
        _held.Clear();
        foreach (var each in next)
            MapValid(each, records);
    }

    private void MapValid(TurnEvent turnEvent, EventStreamWriter records)
    {
        _outcome.Add(turnEvent);
        _sources.Add(turnEvent);
        switch (turnEvent)
        {
            case LlmRequestEvent { Tool: null }:
                // The messages of a turn are one text here, each a paragraph.
                _textBefore |= _textSinceCall;
                _reasoningBefore |= _reasoningSinceCall;
                _textSinceCall = _reasoningSinceCall = _refusalSinceCall = false;
                break;
            case ReasoningEvent reasoning:
                if (_reasoningBefore && !_reasoningSinceCall)
                    Write(new ChunkDelta { ReasoningContent = Text("\"\\n\\n\""u8) }, records);
                _reasoningSinceCall = true;
                Write(new ChunkDelta { ReasoningContent = reasoning.Content }, records);
                break;
            case DeltaEvent { Refusal: true } delta when _isOpenAi:
                _refusalSinceCall = _hasRefused = true;
                Write(new ChunkDelta { Refusal = delta.Content.ToString() }, records);
                break;
            case DeltaEvent delta:
                if (_textBefore && !_textSinceCall)
                    Write(new ChunkDelta { Content = Text("\"\\n\\n\""u8) }, records);
                _textSinceCall = true;
                Write(new ChunkDelta { Content = delta.Content }, records);
                break;
            case MessageCompleteEvent completed:
                _last = FinishedMessage.Of(completed.Message);
                if ((_hasRefused ? _last.TextBeforeRefusal : _last.Text) is { Length: > 0 } text)
                    _texts.Add(text);
                break;
            case MessageResetEvent when _textSinceCall || _refusalSinceCall || _mayHaveLostText:
                Fail(_isOpenAi ? ChatErrors.LostAnswer : ChatErrors.LostText, records);
                break;
            case ClientToolCallsEvent calls:
                Write(new ChunkDelta { ToolCalls = [.. calls.Calls.Select(ToChunk)] }, records);
                break;
            case CompleteEvent:
                End(records);
                break;
            case ErrorEvent when _outcome.IsFilteredAnswer && _isOpenAi:
                End(records);
                break;
            case ErrorEvent:
                Fail(_outcome.Error!, records);
                break;
        }
    }

    public void Interrupt(EventStreamWriter records)
    {
        if (!_failed)
            Fail(_outcome.UnfinishedFor(_isOpenAi), records);
    }

    private void End(EventStreamWriter records)
    {
        if (Annotation.Of(string.Join("\n\n", _texts), _sources, isWhole: true) is { Count: > 0 } annotations)
            Write(new ChunkDelta { Annotations = annotations }, records);
        var refusal = _hasRefused ? null : _last?.Refusal;
        if (_isOpenAi && (refusal is not null || _last?.ProviderData is not null))
            Write(new ChunkDelta { Refusal = refusal, ProviderData = _last!.ProviderData }, records);
        Write(new ChunkDelta(), records, _outcome.FinishReason);
        if (_includeUsage)
            Write([], CompletionUsage.Of(_outcome.Usage), records);
        records.Write("[DONE]"u8);
    }

    private void Fail(AppError error, EventStreamWriter records)
    {
        _failed = true;

        // A client that continues a stream has its head already.
        if (!records.HasStarted && turn is { Body: not null, After: 0 })
        {
            turn.Http.Response.Headers["X-Turn-Id"] = turn.TurnId;
            records.AnswerInstead(ChatErrors.ResultOf(error, _outcome, turn));
        }
        else if (_isOpenAi)
        {
            records.Write(OpenAiError.Of(error), WebJson.Relaxed.OpenAiError);
        }
        else
        {
            records.Write(new ChunkError(new ChunkErrorBody(error.Message, "server_error", ErrorCodeName.Of(error.Code))), WebJson.Relaxed.ChunkError);
        }
    }

    private static ChunkToolCall ToChunk(ClientToolCall call, int index) =>
        new(index, call.Id, "function", new ChunkToolFunction(call.Name, call.Arguments));

    private static JsonText Text(ReadOnlySpan<byte> json) => new(json.ToArray());

    private void Write(ChunkDelta delta, EventStreamWriter records, string? finishReason = null)
    {
        if (!_hasRole)
        {
            _hasRole = true;
            Write([new ChunkChoice(0, new ChunkDelta { Role = "assistant", Content = Text("\"\""u8) }, null)], usage: null, records);
        }

        Write([new ChunkChoice(0, delta, finishReason)], usage: null, records);
    }

    private void Write(IReadOnlyList<ChunkChoice> choices, CompletionUsage? usage, EventStreamWriter records)
    {
        const string ObjectName = "chat.completion.chunk";
        var model = turn.Body?.AskedModel ?? _outcome.Model;
        var seconds = turn.Started.ToUnixTimeSeconds();
        if (_includeUsage)
            records.Write(new CompletionUsageChunk(turn.TurnId, ObjectName, seconds, model, choices, usage), WebJson.Relaxed.CompletionUsageChunk);
        else
            records.Write(new CompletionChunk(turn.TurnId, ObjectName, seconds, model, choices), WebJson.Relaxed.CompletionChunk);
    }
}
