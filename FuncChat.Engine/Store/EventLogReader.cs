using System.Buffers;
using System.Runtime.CompilerServices;
using FuncChat.Engine.Events;

namespace FuncChat.Engine.Store;

/// <summary>A whole run of bytes in a turn's log, its end included: the header (at offset 0) or an event. Valid until the next one is read.</summary>
internal readonly record struct StoredFrame(long Offset, ReadOnlyMemory<byte> Bytes)
{
    public long EndOffset => Offset + Bytes.Length;
}

/// <summary>Where to read on in a log, and how it stands.</summary>
/// <param name="Offset">The offset of the first event after the one asked for.</param>
/// <param name="EndOffset">The end of the last whole event.</param>
/// <param name="LastId">The id of the last event, 0 where there is none.</param>
/// <param name="Ended">Whether the last event ends the turn.</param>
internal readonly record struct LogPosition(long Offset, long EndOffset, long LastId, bool Ended);

internal static class EventLogReader
{
    private const int BufferSize = 64 * 1024;

    /// <summary>The log's whole frames from an offset on, in order. What a writer or a crash has left unfinished at the end is left out.</summary>
    public static async IAsyncEnumerable<StoredFrame> ReadAsync(
        ITurnReader reader, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var filled = 0;
            while (true)
            {
                if (filled == buffer.Length)
                    buffer = Grow(buffer);
                var read = await reader.ReadAsync(offset + filled, buffer.AsMemory(filled), cancellationToken);
                if (read == 0)
                    yield break;
                filled += read;

                var start = 0;
                while (buffer.AsSpan(start, filled - start).IndexOf(EventFrames.End) is var end and >= 0)
                {
                    var length = end + EventFrames.End.Length;
                    yield return new StoredFrame(offset + start, buffer.AsMemory(start, length));
                    start += length;
                }

                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                offset += start;
                filled -= start;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Finds the place behind the event with the id <paramref name="after"/>; 0 stands for the header.</summary>
    public static Task<LogPosition> FindAsync(ITurnReader reader, long after, CancellationToken cancellationToken) =>
        AdvanceAsync(reader, default, after, cancellationToken);

    /// <summary>Where the log's end is now, for one who has read it up to there before.</summary>
    public static Task<LogPosition> AdvanceAsync(ITurnReader reader, LogPosition position, CancellationToken cancellationToken) =>
        AdvanceAsync(reader, position, long.MaxValue, cancellationToken);

    private static async Task<LogPosition> AdvanceAsync(
        ITurnReader reader, LogPosition position, long after, CancellationToken cancellationToken)
    {
        await foreach (var frame in ReadAsync(reader, position.EndOffset, cancellationToken))
        {
            position = EventFrames.TryParseId(frame.Bytes.Span, out var id)
                ? new LogPosition(
                    id <= after ? frame.EndOffset : position.Offset, frame.EndOffset, id, EventFrames.EndsTurn(frame.Bytes.Span))
                : new LogPosition(frame.EndOffset, frame.EndOffset, 0, false);
        }

        return position;
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
