using System.Buffers;
using System.IO.Pipelines;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// A turn as `text/event-stream`: one of its followers. The response may end before the turn does, without harm to it; the request stays until the
/// turn no longer runs in this process.
/// </summary>
internal sealed class TurnStreamResult(FollowedTurn turn, TurnFollower follower) : IResult
{
    // Flushing each event of a fast stream costs a third more, and shows nothing sooner (see performance.md).
    private const int FlushThreshold = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        EventStream.SetHeaders(response, turn.TurnId);
        try
        {
            await using (follower)
                await WriteAsync(response.BodyWriter, httpContext.RequestAborted);
        }
        catch (Exception e) when (httpContext.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client has left.
        }

        await turn.Completion;
    }

    private async Task WriteAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        writer.Write("retry: 1000\n\n"u8);
        var unflushed = FlushThreshold;
        while (true)
        {
            // Flushed before waiting, and when there is much of it.
            var next = follower.WaitAsync();
            if (unflushed >= FlushThreshold || (unflushed > 0 && !next.IsCompleted))
            {
                unflushed = 0;
                if ((await writer.FlushAsync(cancellationToken)).IsCompleted)
                    return;
            }

            switch (await next)
            {
                case FollowState.Data:
                    unflushed += await CopyAsync(writer);
                    break;
                case FollowState.Idle:
                    writer.Write(": keep-alive\n\n"u8);
                    unflushed = FlushThreshold;
                    break;
                default:
                    await writer.FlushAsync(cancellationToken);
                    return;
            }
        }
    }

    private async ValueTask<int> CopyAsync(PipeWriter writer)
    {
        var copied = 0;
        while (copied < FlushThreshold)
        {
            var read = await follower.ReadAsync(writer.GetMemory());
            if (read == 0)
                break;
            writer.Advance(read);
            copied += read;
        }

        return copied;
    }
}
