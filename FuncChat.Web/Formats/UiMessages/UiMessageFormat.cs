namespace FuncChat.Web.Formats.UiMessages;

/// <summary>The AI SDK's UI message stream, as `useChat` reads it, ended by `[DONE]`.</summary>
internal sealed class UiMessageFormat : EventStreamFormat
{
    public const string WireName = "ui-messages";

    /// <summary>The header by which a client that was cut continues the stream.</summary>
    public const string RunIdHeader = "x-workflow-run-id";

    public override string Name => WireName;

    public override bool IsForChatsOnly => true;

    protected override ITurnEventMapping Open(TurnResponse turn) => new UiMessageMapping(turn, UiMessageView.Of(turn));

    protected override void SetHead(TurnResponse turn)
    {
        base.SetHead(turn);
        turn.Http.Response.Headers["x-vercel-ai-ui-message-stream"] = "v1";
        turn.Http.Response.Headers[RunIdHeader] = UiMessageView.Of(turn).Run.ToString();
    }
}
