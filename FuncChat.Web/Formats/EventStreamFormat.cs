using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Formats;

/// <summary>
/// A format that is an event stream of its own records. It reads typed events and maps each to its records; ids, keep-alive comments, flushing, and
/// what the client already has are handled here.
/// </summary>
public abstract class EventStreamFormat : IWireFormat
{
    public abstract string Name { get; }

    public bool ReadsWholeTurn => true;

    public virtual bool IsForChatsOnly => false;

    public virtual AppError? FindError(HttpRequest request) => null;

    /// <summary>Starts the mapping for one response.</summary>
    protected abstract ITurnEventMapping Open(TurnResponse turn);

    /// <summary>Starts the mapping for one response, for a format that reads the stored turn first.</summary>
    protected virtual ValueTask<ITurnEventMapping> OpenAsync(TurnResponse turn) => ValueTask.FromResult(Open(turn));

    /// <summary>Sets the head of the response. Called with the first record: until then, the mapping may still answer otherwise.</summary>
    protected virtual void SetHead(TurnResponse turn) => EventStream.SetHeaders(turn.Http.Response, turn.TurnId);

    /// <summary>Sets the head of a response without records: the client has them all. A 204 keeps an EventSource from connecting again.</summary>
    protected virtual void SetEmptyHead(TurnResponse turn) => turn.Http.Response.StatusCode = StatusCodes.Status204NoContent;

    public async Task WriteAsync(TurnResponse turn)
    {
        if (turn.HasAll)
        {
            SetEmptyHead(turn);
            return;
        }

        var mapping = await OpenAsync(turn);
        using var records = new EventStreamWriter(turn.Http.Response.BodyWriter, turn.After, () => SetHead(turn));
        try
        {
            await WriteAsync(turn, mapping, records);
        }
        catch (Exception e) when (records.HasStarted)
        {
            // The error can't take the place of records that are already in the body.
            if (e is not TurnStoreException { Reason: TurnStoreFailure.Damaged })
            {
                await records.FlushAsync(turn.Http.RequestAborted);
                throw;
            }

            records.Discard();
            mapping.Map(ErrorEvent.Of(turn.Http.RequestServices.GetRequiredService<UncaughtExceptions>().Report(turn.Http, e)), records);
            records.EndEvent(null);
        }

        if (records.Instead is { } answer)
            await answer.ExecuteAsync(turn.Http);
        else if (!records.HasStarted)
            SetEmptyHead(turn);
    }

    private static async Task WriteAsync(TurnResponse turn, ITurnEventMapping mapping, EventStreamWriter records)
    {
        var left = turn.Http.RequestAborted;
        using var events = new TurnEventReader(turn.Follower);
        var ended = false;
        while (records.Instead is null && !records.IsComplete)
        {
            // Flushed before waiting, and when there is much of it.
            var next = events.WaitAsync();
            if ((!next.IsCompleted || records.Unflushed >= EventStream.FlushThreshold) && !await records.FlushAsync(left))
                return;
            switch (await next)
            {
                case FollowState.Data:
                    ended = Map(events, mapping, records, ended);
                    break;
                case FollowState.Idle:
                    records.KeepAlive();
                    break;
                default:
                    if (!ended)
                        mapping.Interrupt(records);
                    records.EndEvent(null);
                    return;
            }
        }
    }

    // Returns whether an event has ended the turn. What a log has after it, which nothing here writes, is left out.
    private static bool Map(TurnEventReader events, ITurnEventMapping mapping, EventStreamWriter records, bool ended)
    {
        try
        {
            while (records.Instead is null && !records.IsComplete && records.Unflushed < EventStream.FlushThreshold
                && events.TryRead(out var id, out var turnEvent))
            {
                if (ended)
                    continue;
                records.EventId = id;
                mapping.Map(turnEvent, records);
                records.EndEvent(id);
                ended = TurnEventCodec.TypeOf(turnEvent).EndsTurn;
            }

            return ended;
        }
        catch (Exception e) when (TurnStoreException.IsOfData(e))
        {
            // The same events fail again.
            throw TurnStoreException.Unreadable(e);
        }
    }
}
