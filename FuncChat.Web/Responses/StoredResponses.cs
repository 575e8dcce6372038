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
internal sealed record ReadResponse(ResponseView View, ChatTurnRequest Request, int Instructions, OpenAiResponse Now, bool IsLatest, bool IsOnlyOne)
{
    /// <summary>Whether the response has not ended.</summary>
    public bool IsRunning { get; init; }

    /// <summary>The parts of the turn before this one.</summary>
    public IReadOnlyList<EarlierPart> Before { get; init; } = [];
}

/// <summary>A part of a turn that others follow.</summary>
/// <param name="Output">Its items; none if it is deleted.</param>
/// <param name="Answers">The approvals and denials that began the next part.</param>
internal sealed record EarlierPart(IReadOnlyList<RawJson> Output, List<RequestAnsweredEvent> Answers);

/// <summary>Reads responses. Any chat can be read as one, whichever protocol started it.</summary>
internal sealed class StoredResponses(StoredTurns turns, DeletedResponses deleted)
{
    /// <summary>Reads a response as it is now, without continuing its turn.</summary>
    public async Task<Result<ReadResponse>> ReadAsync(string user, ResponseId? id, CancellationToken cancellationToken)
    {
        if (id is null)
            return NotFound;
        var (parts, isParked) = (1, false);
        ResponseBuilder builder = null!;
        var before = new List<EarlierPart>();
        var key = new TurnKey(user, id.TurnId);

        // Not kept: a turn can have many events.
        var turn = await turns.ReadAsync(
            key,
            (request, started) =>
            {
                builder = new ResponseBuilder(id with { Part = 1 }) { Settings = ResponseView.SettingsOf(request, started) };
                return Apply;
            },
            cancellationToken);
        if (!turn.Succeeded)
            return turn.Error.Code == ErrorCode.NotFound ? NotFound : turn.Error;
        var stored = StoredResponse.Of(turn.Value.Request.ProtocolData);
        if (turn.Value.Request is not ChatTurnRequest chat || stored?.Settings.Store == false || id.Part > parts)
            return NotFound;
        var gone = await deleted.ReadAsync(key, parts, cancellationToken);
        if (gone.Contains(id.Part))
            return NotFound;
        var view = new ResponseView(id, builder.Settings);

        // The part after an approval begins with the answer.
        var begun = isParked ? parts - 1 : parts;
        return new ReadResponse(
            view, chat, stored?.Instructions ?? 0, builder.Response, IsLatest: id.Part >= begun,
            IsOnlyOne: Enumerable.Range(1, begun).All(part => part == id.Part || gone.Contains(part)))
        {
            IsRunning = !builder.HasEnded,
            Before = [.. before.Select((part, index) => gone.Contains(index + 1) ? part with { Output = [] } : part)],
        };

        void Apply(long eventId, TurnEvent turnEvent)
        {
            builder.Apply(eventId, turnEvent);
            isParked = turnEvent is ParkedEvent;
            if (isParked && parts++ < id.Part)
            {
                before.Add(new EarlierPart(builder.Response.Output, []));
                builder = builder.Next();
            }

            if (turnEvent is RequestAnsweredEvent { Type: "approve" or "deny" } answer && parts > 1 && parts <= id.Part)
                before[^1].Answers.Add(answer);
        }
    }

    private static AppError NotFound { get; } = new(ErrorCode.NotFound, "There is no such response. It may have expired.");
}
