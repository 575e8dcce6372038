using FuncChat.Engine.Chat;
using FuncChat.Engine.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats.Responses;

/// <summary>Which response of a turn a request reads, and from where.</summary>
/// <param name="StartingAfter">The number of the last event that the client has; -1 if it has none.</param>
internal sealed record ResponseView(ResponseId Id, ResponseSettings Settings, long StartingAfter = -1)
{
    /// <summary>The view that the request has set, or else the first response of the turn.</summary>
    public static ResponseView Of(TurnResponse turn) =>
        turn.Http.Features.Get<ResponseView>() ?? new ResponseView(new ResponseId(turn.TurnId), SettingsOf(turn.Request, turn.Started), ResponseSequence.LastOf(turn.After));

    /// <summary>What a turn's responses repeat of its request.</summary>
    /// <param name="started">When the turn started, if another protocol started it.</param>
    public static ResponseSettings SettingsOf(TurnRequest request, DateTimeOffset started)
    {
        var settings = StoredResponse.Of(request.ProtocolData)?.Settings
            ?? new ResponseSettings { CreatedAt = started.ToUnixTimeSeconds(), Model = request.ModelId ?? "" };
        return request is ChatTurnRequest { ThreadId: { } thread } ? settings with { Conversation = new ConversationReference(thread) } : settings;
    }

    public void SetOn(HttpContext http) => http.Features.Set(this);
}
