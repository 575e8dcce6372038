using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.Responses;

/// <summary>The events of a streamed response of OpenAI's Responses API.</summary>
internal sealed class ResponseStreamFormat : EventStreamFormat
{
    public const string WireName = "responses";

    public override string Name => WireName;

    public override bool IsForChatsOnly => true;

    // OpenAI's libraries read a stream, empty or not.
    protected override void SetEmptyHead(TurnResponse turn)
    {
        if (OpenAiPath.Includes(turn.Http.Request.Path))
            SetHead(turn);
        else
            base.SetEmptyHead(turn);
    }

    protected override ITurnEventMapping Open(TurnResponse turn) => new ResponseMapping(turn, ResponseView.Of(turn));
}
