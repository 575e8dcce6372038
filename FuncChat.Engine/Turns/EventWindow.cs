using System.Buffers;

namespace FuncChat.Engine.Turns;

/// <summary>
/// The latest bytes of a live turn, in segments of one size. Offsets are those of the log. Not thread-safe: the journal locks.
/// </summary>
internal sealed class EventWindow(long start)
{
    // Small, since a turn that waits for its model holds one: 2,000 slow turns are to fit in little memory.
    private const int SegmentSize = 4096;

    // A follower further behind than this reads from the log.
    private const long MaxStoredLength = 64 * 1024;

    private readonly List<byte[]> _segments = [];

    /// <summary>The offset of the first byte that is still here.</summary>
    public long Start { get; private set; } = start;

    /// <summary>The log's length with these bytes.</summary>
    public long Length { get; private set; } = start;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var (index, at) = Locate(Length);
            if (index == _segments.Count)
                _segments.Add(ArrayPool<byte>.Shared.Rent(SegmentSize));
            var count = Math.Min(bytes.Length, SegmentSize - at);
            bytes[..count].CopyTo(_segments[index].AsSpan(at));
            bytes = bytes[count..];
            Length += count;
        }
    }

    /// <summary>Copies bytes up to <paramref name="end"/>, from an offset that is not before <see cref="Start"/>.</summary>
    public int Read(long offset, long end, Span<byte> destination)
    {
        var copied = 0;
        while (offset < end && destination.Length > 0)
        {
            var block = BlockAt(offset, end).Span;
            var count = Math.Min(block.Length, destination.Length);
            block[..count].CopyTo(destination);
            destination = destination[count..];
            offset += count;
            copied += count;
        }

        return copied;
    }

    /// <summary>Adds the blocks between two offsets to the list. They hold until they are trimmed.</summary>
    public void CopyBlocks(long offset, long end, List<ReadOnlyMemory<byte>> blocks)
    {
        while (offset < end)
        {
            var block = BlockAt(offset, end);
            blocks.Add(block);
            offset += block.Length;
        }
    }

    /// <summary>Gives back whole segments that nobody needs, and those that are stored and too far back.</summary>
    public void Trim(long needed, long stored)
    {
        var keep = Math.Min(stored, Math.Max(needed, Length - MaxStoredLength));
        while (_segments.Count > 0 && Start + SegmentSize <= keep)
        {
            ArrayPool<byte>.Shared.Return(_segments[0]);
            _segments.RemoveAt(0);
            Start += SegmentSize;
        }
    }

    private (int Segment, int Offset) Locate(long offset) =>
        ((int)((offset - Start) / SegmentSize), (int)((offset - Start) % SegmentSize));

    private ReadOnlyMemory<byte> BlockAt(long offset, long end)
    {
        var (index, at) = Locate(offset);
        return _segments[index].AsMemory(at, (int)Math.Min(SegmentSize - at, end - offset));
    }
}
