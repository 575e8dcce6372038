using FuncChat.Engine.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>What a response shows of a turn.</summary>
/// <param name="Run">The stream that the response is, or continues.</param>
/// <param name="MessageId">The client's message that the turn writes.</param>
internal sealed record UiMessageView(UiRunId Run, string MessageId)
{
    /// <summary>The number of chunks of the stream that the client has.</summary>
    public int StartIndex { get; init; }

    public UiSdkVersion Version { get; init; } = UiSdkVersion.Default;

    /// <summary>The text that a crash made void, and that the stream leaves out.</summary>
    public VoidText Void { get; init; } = new(limit: 0);

    /// <summary>What the message has from earlier turns: the calls of the client's tools that the turn continues after, for a client that has lost them.</summary>
    public IReadOnlyList<UiMessageChunk> Earlier { get; init; } = [];

    /// <summary>The view that the request has set, or else the whole turn.</summary>
    public static UiMessageView Of(TurnResponse turn) => turn.Http.Features.Get<UiMessageView>()
        ?? new UiMessageView(new UiRunId(turn.TurnId), MessageIdOf(turn.Request) ?? turn.TurnId)
        {
            Version = UiSdkVersion.TryRead(turn.Http.Request, out var version) ? version : UiSdkVersion.Default,
        };

    /// <summary>The client's message that a turn continues; null if it begins one.</summary>
    public static string? MessageIdOf(TurnRequest request) => StoredUiMessage.Of(request.ProtocolData)?.MessageId;

    /// <summary>Whether the request has set the view.</summary>
    public bool IsOfRequest(HttpContext http) => ReferenceEquals(http.Features.Get<UiMessageView>(), this);

    public void SetOn(HttpContext http) => http.Features.Set(this);
}
