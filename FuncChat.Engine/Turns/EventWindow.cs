using System.Buffers;
using System.Runtime.InteropServices;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// The latest events of a running turn, in segments of one size. Offsets count the bytes that this writer has appended. Not thread-safe: the writer locks.
/// </summary>
/// <param name="lastId">The id of the last event before the window's first.</param>
internal sealed class EventWindow(long lastId)
{
    // Small, since a turn that waits for its model holds one: 2,000 slow turns must fit in little memory.
    private const int SegmentSize = 4096;

    // A follower that is further behind than this reads from the store.
    private const long MaxStoredLength = 64 * 1024;

    private readonly List<byte[]> _segments = [];
    private readonly List<FrameStart> _starts = []; // of each segment, the first frame that starts in it
    private readonly List<FrameStart> _trimmedStarts = []; // of what was trimmed, about one in 64 KB
    private readonly long _firstAfter = lastId;
    private long _lastId = lastId;

    /// <summary>The offset of the first byte that is still here.</summary>
    public long Start { get; private set; }

    /// <summary>The offset at which the last event ends.</summary>
    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> frame, long id)
    {
        var start = new FrameStart(Length, id);
        _lastId = id;
        while (frame.Length > 0)
        {
            var (index, at) = Locate(Length);
            if (index == _segments.Count)
            {
                _segments.Add(ArrayPool<byte>.Shared.Rent(SegmentSize));
                _starts.Add(default);
            }

            if (start.Id > 0 && _starts[index].Id == 0)
                _starts[index] = start;
            start = default;
            var count = Math.Min(frame.Length, SegmentSize - at);
            frame[..count].CopyTo(_segments[index].AsSpan(at));
            frame = frame[count..];
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

    /// <summary>Adds the blocks between two offsets to the list. They are valid until they are trimmed.</summary>
    public void CopyBlocks(long offset, long end, List<ReadOnlyMemory<byte>> blocks)
    {
        while (offset < end)
        {
            var block = BlockAt(offset, end);
            blocks.Add(block);
            offset += block.Length;
        }
    }

    /// <summary>Finds where the event after an id starts. False if that event is not here any more.</summary>
    public bool TryLocate(long afterId, out long offset)
    {
        offset = Length;
        if (afterId >= _lastId)
            return true;
        var segment = _starts.FindLastIndex(start => start.Id > 0 && start.Id <= afterId);
        if (segment >= 0)
        {
            offset = FindAfter(afterId, segment);
            return true;
        }

        // The first frame here is the wanted one, or something between is missing.
        var first = _starts.FindIndex(start => start.Id > 0);
        offset = first < 0 ? 0 : _starts[first].Offset;
        return Start == 0 ? afterId >= _firstAfter : first >= 0 && _starts[first].Id == afterId + 1;
    }

    /// <summary>Describes an offset that was trimmed: so many bytes after the end of the event with the id.</summary>
    public (long AfterId, long Skip) Describe(long offset)
    {
        var trimmed = _trimmedStarts[_trimmedStarts.FindLastIndex(start => start.Offset <= offset)];
        return (trimmed.Id - 1, offset - trimmed.Offset);
    }

    /// <summary>Returns whole segments that are not needed, and those that are stored and too far back.</summary>
    public void Trim(long needed, long stored)
    {
        var keep = Math.Min(stored, Math.Max(needed, Length - MaxStoredLength));
        while (_segments.Count > 0 && Start + SegmentSize <= keep)
        {
            ArrayPool<byte>.Shared.Return(_segments[0]);
            if (_starts[0].Id > 0 && (_trimmedStarts.Count == 0 || _starts[0].Offset - _trimmedStarts[^1].Offset >= MaxStoredLength))
                _trimmedStarts.Add(_starts[0]);
            _segments.RemoveAt(0);
            _starts.RemoveAt(0);
            Start += SegmentSize;
        }
    }

    // Within the frames that start in a segment, or at the first that starts after it.
    private long FindAfter(long afterId, int segment)
    {
        var next = _starts.FindIndex(segment + 1, start => start.Id > 0);
        var (offset, end) = (_starts[segment].Offset, next < 0 ? Length : _starts[next].Offset);
        var frames = ArrayPool<byte>.Shared.Rent((int)(end - offset));
        try
        {
            var length = Read(offset, end, frames.AsSpan(0, (int)(end - offset)));
            return offset + StoredFrames.LengthThrough(frames.AsSpan(0, length), afterId);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frames);
        }
    }

    private (int Segment, int Offset) Locate(long offset) =>
        ((int)((offset - Start) / SegmentSize), (int)((offset - Start) % SegmentSize));

    private ReadOnlyMemory<byte> BlockAt(long offset, long end)
    {
        var (index, at) = Locate(offset);
        return _segments[index].AsMemory(at, (int)Math.Min(SegmentSize - at, end - offset));
    }

    /// <summary>Where a frame starts; the default is none.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct FrameStart(long Offset, long Id);
}
