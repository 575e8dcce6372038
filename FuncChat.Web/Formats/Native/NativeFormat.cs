using System.Buffers;
using System.IO.Pipelines;
using FuncChat.Engine.Turns;

namespace FuncChat.Web.Formats.Native;

/// <summary>The turn's own events as `text/event-stream`: the bytes of its log, copied and not parsed.</summary>
internal sealed class NativeFormat : IWireFormat
{
    public const string WireName = "native";

    public string Name => WireName;

    public bool ReadsWholeTurn => false;

    public async Task WriteAsync(TurnResponse turn)
    {
        EventStream.SetHeaders(turn.Http.Response, turn.TurnId);
        await WriteAsync(turn.Follower, turn.Http.Response.BodyWriter, turn.Http.RequestAborted);
    }

    private static async Task WriteAsync(TurnFollower follower, PipeWriter writer, CancellationToken cancellationToken)
    {
        writer.Write("retry: 1000\n\n"u8);
        var unflushed = EventStream.FlushThreshold;
        while (true)
        {
            // Flushed before waiting, and when there is much of it.
            var next = follower.WaitAsync();
            if (unflushed >= EventStream.FlushThreshold || (unflushed > 0 && !next.IsCompleted))
            {
                unflushed = 0;
                if ((await writer.FlushAsync(cancellationToken)).IsCompleted)
                    return;
            }

            switch (await next)
            {
                case FollowState.Data:
                    unflushed += await CopyAsync(follower, writer);
                    break;
                case FollowState.Idle:
                    writer.Write(EventStream.KeepAlive);
                    unflushed = EventStream.FlushThreshold;
                    break;
                default:
                    await writer.FlushAsync(cancellationToken);
                    return;
            }
        }
    }

    private static async ValueTask<int> CopyAsync(TurnFollower follower, PipeWriter writer)
    {
        var copied = 0;
        while (copied < EventStream.FlushThreshold)
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
