using FuncChat.Engine.Turns;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats;

/// <summary>
/// A turn in a wire format. The response may end before the turn does, which does not affect the turn; the request stays open until the turn no longer
/// runs in this process.
/// </summary>
internal sealed class TurnResult(IWireFormat format, FollowedTurn turn, TurnFollower follower, long after = 0, TurnBody? body = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await using (follower)
                await format.WriteAsync(new TurnResponse(httpContext, turn.TurnId, follower, after, body)
                {
                    Request = turn.Request,
                    Started = turn.Started,
                    HasAll = turn.LastEventId <= after,
                    IsNew = turn.IsNew,
                    IsContinued = turn.IsContinued,
                });

            // Otherwise, the last events are sent together with the end of the response.
            if (!turn.Completion.IsCompleted)
                await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
        catch (Exception e) when (httpContext.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client has left.
        }

        await turn.Completion;
    }
}
