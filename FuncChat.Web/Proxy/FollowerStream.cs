using System.Net.ServerSentEvents;
using System.Text.Json;
using FuncChat.Engine.Turns;

namespace FuncChat.Web.Proxy;

/// <summary>A turn's bytes as a stream to read, for an answer that is made of its events rather than of their bytes.</summary>
/// <param name="onIdle">Called while the turn is silent, time and again.</param>
internal sealed class FollowerStream(TurnFollower follower, Func<ValueTask>? onIdle = null) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The turn's events with their data, until the turn no longer runs here.</summary>
    public IAsyncEnumerable<SseItem<JsonElement>> EventsAsync(CancellationToken cancellationToken) =>
        SseParser.Create(this, static (_, data) => JsonElement.Parse(data)).EnumerateAsync(cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (await follower.WaitAsync() is var state and not FollowState.End)
        {
            if (state == FollowState.Idle && onIdle is not null)
                await onIdle();
            if (state == FollowState.Data && await follower.ReadAsync(buffer) is var read and > 0)
                return read;
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
