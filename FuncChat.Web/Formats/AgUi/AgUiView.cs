using System.Collections.Frozen;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats.AgUi;

/// <summary>The run that a response shows: a turn, or the part of it that continues after an interrupt.</summary>
/// <param name="After">The id of the event after which the run starts.</param>
/// <param name="Messages">The messages that the client had before the turn, an array.</param>
internal sealed record AgUiView(string ThreadId, string RunId, long After, RawJson Messages, RawJson? State)
{
    /// <summary>Whether the client knows version 1.0 of the protocol. Clients before it refuse an outcome that has what 1.0 added.</summary>
    public bool KnowsVersion1 { get; init; } = true;

    /// <summary>Whether the messages before the turn are known. A snapshot without them would remove those of the client.</summary>
    public bool HasMessages { get; init; } = true;

    /// <summary>The calls for which the client has a result of its own, such as the answer of the user.</summary>
    public IReadOnlySet<string> OwnResults { get; init; } = FrozenSet<string>.Empty;

    private static readonly RawJson NoMessages = new("[]"u8.ToArray());

    /// <summary>The view that the request has set, or else the run that the query names, and the whole turn.</summary>
    public static AgUiView Of(TurnResponse turn) => turn.Http.Features.Get<AgUiView>() ?? Of(turn.TurnId, turn.Request, 0);

    /// <summary>The run of a turn.</summary>
    public static AgUiView Of(string turnId, TurnRequest request, long after) =>
        StoredAgUiRun.Of(request.ProtocolData) is { } stored
            ? new AgUiView(stored.ThreadId, stored.RunId, after, stored.Messages, stored.State) { KnowsVersion1 = stored.ProtocolVersion is not null }
            : new AgUiView(turnId, turnId, after, NoMessages, null) { HasMessages = false };

    /// <summary>The calls that have a result in the messages, an array.</summary>
    public static IReadOnlySet<string> ResultsIn(RawJson messages)
    {
        using var document = JsonDocument.Parse(messages.Utf8);
        return document.RootElement.EnumerateArray()
            .Where(message => JsonField.TextOf(message, "role") == "tool").Select(message => JsonField.TextOf(message, "toolCallId")).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
    }

    public void SetOn(HttpContext http) => http.Features.Set(this);
}
