using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.Responses;

namespace FuncChat.Web.Responses;

/// <summary>A response as its turn is stored.</summary>
/// <param name="IsLatest">Whether no later part of the turn has begun.</param>
/// <param name="IsOnlyOne">Whether the other parts of the turn, if there are any, are deleted.</param>
internal sealed record ReadResponse(ResponseView View, ChatTurnRequest Request, int Instructions, OpenAiResponse Now, bool IsLatest, bool IsOnlyOne);

/// <summary>Reads responses. Any chat can be read as one, whichever protocol started it.</summary>
internal sealed class StoredResponses(StoredTurns turns, DeletedResponses deleted)
{
    /// <summary>Reads a response as it is now, without continuing its turn.</summary>
    public async Task<Result<ReadResponse>> ReadAsync(string user, ResponseId? id, CancellationToken cancellationToken)
    {
        if (id is null)
            return NotFound;
        var events = new List<(long Id, TurnEvent Event)>();
        var key = new TurnKey(user, id.TurnId);
        var turn = await turns.ReadAsync(key, (eventId, turnEvent) => events.Add((eventId, turnEvent)), cancellationToken);
        if (!turn.Succeeded)
            return turn.Error.Code == ErrorCode.NotFound ? NotFound : turn.Error;
        var stored = StoredResponse.Of(turn.Value.Request.ProtocolData);
        var parts = 1 + events.Count(each => each.Event is ParkedEvent);
        if (turn.Value.Request is not ChatTurnRequest chat || stored?.Settings.Store == false || id.Part > parts)
            return NotFound;
        var gone = await deleted.ReadAsync(key, parts, cancellationToken);
        if (gone.Contains(id.Part))
            return NotFound;
        var view = new ResponseView(id, ResponseView.SettingsOf(chat, turn.Value.Started));
        var builder = new ResponseBuilder(id, view.Settings);
        try
        {
            foreach (var (eventId, turnEvent) in events)
                builder.Apply(eventId, turnEvent);
        }
        catch (Exception e) when (TurnStoreException.IsOfData(e))
        {
            throw TurnStoreException.Unreadable(e);
        }

        // The part after an approval begins with the answer.
        var begun = events is [.., (_, ParkedEvent)] ? parts - 1 : parts;
        return new ReadResponse(
            view, chat, stored?.Instructions ?? 0, builder.Response, IsLatest: id.Part >= begun,
            IsOnlyOne: Enumerable.Range(1, begun).All(part => part == id.Part || gone.Contains(part)));
    }

    private static AppError NotFound { get; } = new(ErrorCode.NotFound, "There is no such response. It may have expired.");
}
