using FuncChat.Engine;
using FuncChat.Engine.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>The AI SDK's UI message stream, as `useChat` reads it, ended by `[DONE]`.</summary>
internal sealed class UiMessageFormat(StoredTurns stored) : EventStreamFormat
{
    public const string WireName = "ui-messages";

    /// <summary>The header by which a client that was cut continues the stream.</summary>
    public const string RunIdHeader = "x-workflow-run-id";

    public override string Name => WireName;

    public override bool IsForChatsOnly => true;

    protected override ITurnEventMapping Open(TurnResponse turn) => new UiMessageMapping(turn, UiMessageView.Of(turn));

    public override AppError? FindError(HttpRequest request) => UiSdkVersion.TryRead(request, out _) ? null : UiSdkVersion.Invalid;

    protected override async ValueTask<ITurnEventMapping> OpenAsync(TurnResponse turn)
    {
        // Newer versions take text back.
        var view = UiMessageView.Of(turn);
        if (turn.IsNew || view.IsOfRequest(turn.Http) || view.Version.HasResets)
            return Open(turn);
        var voidText = await VoidText.ReadAsync(stored, turn.Http, turn.TurnId, turn.IsContinued);
        (view with { Run = view.Run with { FoldedTo = voidText.Limit }, Void = voidText }).SetOn(turn.Http);
        return Open(turn);
    }

    protected override void SetHead(TurnResponse turn)
    {
        base.SetHead(turn);
        turn.Http.Response.Headers["x-vercel-ai-ui-message-stream"] = "v1";
        turn.Http.Response.Headers[RunIdHeader] = UiMessageView.Of(turn).Run.ToString();
    }
}
