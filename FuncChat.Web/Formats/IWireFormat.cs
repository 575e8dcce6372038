using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.OpenAiChat;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats;

/// <summary>
/// A protocol in which clients read turns. A format is a folder here and a line in <see cref="FormatServices"/>; it is then available for starting a
/// turn and for following one, by `?format=`. Formats with an event stream of their own derive from <see cref="EventStreamFormat"/>.
/// </summary>
public interface IWireFormat
{
    /// <summary>The name in `?format=`.</summary>
    string Name { get; }

    /// <summary>
    /// Whether a record can depend on earlier events of the turn. The turn is then read from its first event, wherever the client continues, and the
    /// format writes only what comes after <see cref="TurnResponse.After"/>.
    /// </summary>
    bool ReadsWholeTurn { get; }

    /// <summary>Whether the format has no records for searches and plans: they can be neither started nor followed in it.</summary>
    bool IsForChatsOnly => false;

    /// <summary>Finds what is wrong with a request for the format, besides its body.</summary>
    /// <returns>The error, or null if there is none.</returns>
    AppError? FindError(HttpRequest request) => null;

    /// <summary>Finds whether the format has no records for a turn.</summary>
    /// <returns>The error, or null if there is none.</returns>
    AppError? FindError(TurnRequest turn) => IsForChatsOnly && turn is not ChatTurnRequest ? ChatErrors.NotAChat : null;

    /// <summary>
    /// Writes the turn as the response, head included. Returns when the turn has ended, the server hands it over, or the client has left; what is not flushed
    /// then is sent with the end of the response.
    /// </summary>
    Task WriteAsync(TurnResponse turn);
}
