using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.Responses;

/// <summary>Maps a part of a chat to the events of a streamed response.</summary>
/// <remarks>
/// Nothing is written before the model's first piece: an error before it is the response, with its status. A keep-alive comment sets the head earlier, and a
/// response in the background is announced at once.
/// </remarks>
internal sealed class ResponseMapping : ITurnEventMapping
{
    private static readonly AppError Continues = ChatErrors.Restarting with
    {
        Message = "The server is restarting, but the response continues. Retrieve it with GET /api/v1/responses/{response_id}.",
    };

    private readonly TurnResponse _turn;
    private readonly ResponseView _view;
    private readonly ResponseBuilder _builder;
    private readonly List<ResponseEvent> _held = [];
    private EventStreamWriter? _records;
    private bool _holds;
    private long _lastId;

    public ResponseMapping(TurnResponse turn, ResponseView view)
    {
        (_turn, _view) = (turn, view);
        _builder = new ResponseBuilder(view.Id, Write) { Settings = view.Settings };
        _holds = turn is { Body: not null, After: 0 } && !view.Settings.Background;
    }

    public void Map(TurnEvent turnEvent, EventStreamWriter records)
    {
        _records = records;
        if (LostText(turnEvent, records))
            return;
        _lastId = records.EventId;
        _builder.Apply(records.EventId, turnEvent);
        if (_builder.HasEnded)
            records.Complete();
    }

    public void Interrupt(EventStreamWriter records)
    {
        _records = records;
        var error = _builder.Outcome.UnfinishedFor(isOpenAi: true);
        Fail(error == ChatErrors.Restarting && _view.Settings.Background ? Continues : error, records);
    }

    // A crash may lose the last text that a write-behind store was sent. A client whose last event is such text knows an item that the turn does not have.
    private bool LostText(TurnEvent turnEvent, EventStreamWriter records)
    {
        var firstLost = Math.Max(_builder.UnusedNumber, ResponseSequence.FirstOf(_lastId + 1));
        var isKnown = _view.StartingAfter < firstLost || _view.StartingAfter >= ResponseSequence.FirstOf(records.EventId);
        if (turnEvent is not MessageResetEvent || isKnown || _builder.IsWritingMessage)
            return false;
        Fail(new AppError(ErrorCode.Conflict, "The server restarted and lost the last text. Retrieve the response again, without starting_after."), records);
        records.Complete();
        return true;
    }

    private void Fail(AppError error, EventStreamWriter records)
    {
        if (_holds && !records.HasStarted)
        {
            Refuse(error, records);
            return;
        }

        Flush(records);
        var body = OpenAiError.Of(error).Error;
        var number = Math.Max(_builder.UnusedNumber, _view.StartingAfter + 1);
        records.Write(new ResponseErrorEvent("error", body.Code, body.Message, body.Param, number), ResponsesJson.Relaxed.ResponseErrorEvent, "error");
    }

    private void Refuse(AppError error, EventStreamWriter records)
    {
        _turn.Http.Response.Headers["X-Turn-Id"] = _turn.TurnId;
        records.AnswerInstead(ChatErrors.ResultOf(error, _builder.Outcome, _turn));
    }

    private void Write(ResponseEvent responseEvent)
    {
        if (responseEvent.SequenceNumber <= _view.StartingAfter)
            return;
        if (_holds && responseEvent.Type is "response.created" or "response.in_progress")
        {
            _held.Add(responseEvent);
        }
        else if (_holds && !_records!.HasStarted && _builder.Error is { } error)
        {
            _held.Clear();
            Refuse(error, _records);
        }
        else
        {
            Flush(_records!);
            WriteNow(responseEvent);
        }
    }

    private void Flush(EventStreamWriter records)
    {
        _holds = false;
        _records = records;
        _held.ForEach(WriteNow);
        _held.Clear();
    }

    private void WriteNow(ResponseEvent responseEvent)
    {
        _records!.Write(responseEvent, ResponsesJson.Relaxed.ResponseEvent, responseEvent.Type);
    }
}
