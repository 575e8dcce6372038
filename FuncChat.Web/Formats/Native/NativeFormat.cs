using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Formats.Native;

/// <summary>The turn's own events as `text/event-stream`: the bytes of its log, which are checked, copied and not decoded.</summary>
internal sealed class NativeFormat : IWireFormat
{
    public const string WireName = "native";

    public string Name => WireName;

    public bool ReadsWholeTurn => false;

    public async Task WriteAsync(TurnResponse turn)
    {
        EventStream.SetHeaders(turn.Http.Response, turn.TurnId);
        var writer = turn.Http.Response.BodyWriter;
        try
        {
            await WriteAsync(turn.Follower, writer, turn.Http.RequestAborted);
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // As the last event: a client whose stream is only cut would follow the turn again and again. After this id there is nothing, even for an EventSource.
            writer.Write("id: 9007199254740991\nevent: error\ndata: "u8);
            writer.Write(JsonSerializer.SerializeToUtf8Bytes(ErrorEvent.Of(turn.Http.RequestServices.GetRequiredService<UncaughtExceptions>().Report(turn.Http, e)), WebJson.Relaxed.ErrorEvent));
            writer.Write("\n\n"u8);
        }
    }

    private static async Task WriteAsync(TurnFollower follower, PipeWriter writer, CancellationToken cancellationToken)
    {
        writer.Write("retry: 1000\n\n"u8);
        var unflushed = 1;
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
