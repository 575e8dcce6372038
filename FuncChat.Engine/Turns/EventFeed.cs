using System.Buffers;
using FuncChat.Engine.Events;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Engine.Turns;

/// <summary>
/// A running turn's events in memory: numbered, written as bytes once, and read by any number of followers as far as they are published. Offsets count
/// the bytes of the events that were appended here.
/// </summary>
/// <param name="storedId">The id of the last stored event.</param>
/// <param name="lastId">The id after which to number: at least the last stored one.</param>
internal sealed class EventFeed(long storedId, long lastId, EventCount? published)
{
    // A frame's buffer larger than this is not kept for the next. A whole answer fits, whose buffer would be a large object each time.
    private const int MaxFrameBuffer = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _frame;

    private readonly Lock _lock = new();
    private readonly EventWindow _window = new(storedId);
    private LiveFollower[] _followers = []; // replaced, never changed: waking allocates nothing
    private long _nextId = lastId + 1;
    private long _countedId = lastId;
    private long _publishedEnd;
    private long _storedEnd;
    private long _takenEnd;
    private long _storedId = storedId;
    private long _storeFirstEnd; // published only when stored up to here
    private bool _closed;

    /// <summary>How many bytes are kept in memory.</summary>
    public long Remembered
    {
        get
        {
            lock (_lock)
                return _window.Length - _window.Start;
        }
    }

    /// <summary>How many bytes wait to be stored.</summary>
    public long BytesToStore
    {
        get
        {
            lock (_lock)
                return _window.Length - _storedEnd;
        }
    }

    /// <summary>Appends an event that is published only when it is stored.</summary>
    public void Append(TurnEvent turnEvent)
    {
        lock (_lock)
        {
            var frame = EmptyFrame();
            EventFrames.Write(frame, _nextId, turnEvent);
            _window.Append(frame.WrittenSpan, _nextId++);
            _storeFirstEnd = _window.Length;
        }
    }

    /// <inheritdoc cref="EventFrames.WriteText"/>
    public void AppendText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> escapedText)
    {
        lock (_lock)
        {
            var frame = EmptyFrame();
            EventFrames.WriteText(frame, _nextId, name, escapedText);
            _window.Append(frame.WrittenSpan, _nextId++);
        }
    }

    /// <summary>
    /// Returns where the appended events end; null if some must be stored before they are published: others than text, or more than
    /// <paramref name="maxEvents"/>.
    /// </summary>
    public long? EndAheadOfStore(long maxEvents)
    {
        lock (_lock)
            return _storeFirstEnd > _storedEnd || _nextId - 1 - _storedId > maxEvents ? null : _window.Length;
    }

    /// <summary>Adds the blocks that wait to be stored to the list. They are valid until they are stored.</summary>
    /// <returns>Where they end, the id of the last event in them, and the id that they follow.</returns>
    public (long End, long LastId, long AfterId) CopyUnstored(List<ReadOnlyMemory<byte>> blocks)
    {
        lock (_lock)
        {
            _window.CopyBlocks(_storedEnd, _window.Length, blocks);
            return (_window.Length, _nextId - 1, _storedId);
        }
    }

    /// <summary>Returns how many bytes were appended since the last call that returned any; 0 if they are fewer than <paramref name="atLeast"/>.</summary>
    public long TakeGrowth(long atLeast)
    {
        lock (_lock)
        {
            var growth = _window.Length - _takenEnd;
            if (growth < atLeast)
                return 0;
            _takenEnd = _window.Length;
            return growth;
        }
    }

    public void MarkStored(long end, long id)
    {
        lock (_lock)
            (_storedEnd, _storedId) = (end, id);
    }

    /// <summary>Publishes the events up to <paramref name="end"/>. Followers read them on this thread.</summary>
    public void Publish(long end)
    {
        LiveFollower[] followers;
        lock (_lock)
        {
            if (!TrySetPublished(end))
                return;
            var needed = _storedEnd;
            foreach (var follower in _followers)
                needed = Math.Min(needed, follower.Offset);
            _window.Trim(needed, _storedEnd);
            followers = _followers;
        }

        foreach (var follower in followers)
            follower.Wake();
    }

    /// <summary>Publishes the events up to <paramref name="end"/>, after which no more come: followers read them, and then their stream ends.</summary>
    public void Close(long end)
    {
        LiveFollower[] followers;
        lock (_lock)
        {
            TrySetPublished(end);
            _closed = true;
            followers = _followers;
        }

        foreach (var follower in followers)
            follower.Wake();
    }

    public void Add(LiveFollower follower)
    {
        lock (_lock)
            _followers = [.. _followers, follower];
    }

    public void Remove(LiveFollower follower)
    {
        lock (_lock)
            _followers = Array.FindAll(_followers, other => other != follower);
    }

    /// <summary>Finds where the event after an id starts. False if it is in the store only.</summary>
    public bool TryLocate(long afterId, out long offset)
    {
        lock (_lock)
            return _window.TryLocate(afterId, out offset);
    }

    /// <inheritdoc cref="EventWindow.Describe"/>
    public (long AfterId, long Skip) Describe(long offset)
    {
        lock (_lock)
            return _window.Describe(offset);
    }

    /// <summary>Copies published bytes.</summary>
    /// <param name="trimmed">Whether the bytes at the offset are in the store only.</param>
    public int Read(long offset, Span<byte> destination, out bool trimmed)
    {
        lock (_lock)
        {
            trimmed = offset < _window.Start;
            return trimmed ? 0 : _window.Read(offset, _publishedEnd, destination);
        }
    }

    /// <summary>How many bytes a follower at this offset may read, and whether no more will come.</summary>
    public (long Available, bool Closed) StateAt(long offset)
    {
        lock (_lock)
            return (_publishedEnd - offset, _closed);
    }

    private bool TrySetPublished(long end)
    {
        if (end <= _publishedEnd)
            return false;
        _publishedEnd = end;
        published?.Add(_nextId - 1 - _countedId);
        _countedId = _nextId - 1;
        return true;
    }

    private static ArrayBufferWriter<byte> EmptyFrame()
    {
        if (_frame is null or { Capacity: > MaxFrameBuffer })
            _frame = new ArrayBufferWriter<byte>(1024);
        _frame.ResetWrittenCount();
        return _frame;
    }
}
