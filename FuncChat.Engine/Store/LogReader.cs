using System.Buffers;
using System.Buffers.Text;
using FuncChat.Engine.Events;

namespace FuncChat.Engine.Store;

/// <summary>Finds events by id in a turn that a store keeps as one run of bytes: the header, then the frames.</summary>
public abstract class LogReader : ITurnReader
{
    /// <summary>The size of the first page.</summary>
    protected const int SmallestPage = 64 * 1024;

    // Within this distance, reading on is cheaper than searching.
    private const int SearchDistance = 256 * 1024;
    private const int ProbeSize = 8 * 1024;

    // "\n\nid: ", the digits, and what follows them.
    private const int LongestIdField = 32;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallestPage);
    private byte[]? _header;
    private long _headerEnd;
    private long _next;
    private long _lastId;
    private TurnStatus _status;

    public long HeaderLength => _headerEnd;

    public long Length => Math.Max(KnownLength, _headerEnd);

    /// <summary>Where the last event that was read ends.</summary>
    protected long Position => _next;

    /// <summary>The length in bytes, as far as it is known without a call to the store.</summary>
    protected abstract long KnownLength { get; }

    /// <summary>
    /// The size up to which pages grow while more is known to follow: larger where each read is a slow request, and not much larger, since
    /// each follower of stored events keeps one in memory.
    /// </summary>
    protected virtual int LargestPage => SmallestPage;

    /// <summary>Finds the header. Returns false if it is not stored whole. One that is large is not kept.</summary>
    public async Task<bool> TryFindHeaderAsync(CancellationToken cancellationToken)
    {
        var endsWithNewline = false;
        for (long offset = 0; ;)
        {
            var read = await ReadAsync(offset, _buffer, cancellationToken);
            if (read == 0)
                return false;
            var length = LengthToEnd(_buffer.AsSpan(0, read), endsWithNewline);
            if (length > 0)
            {
                _headerEnd = _next = offset + length;
                if (offset == 0)
                    _header = _buffer.AsSpan(0, length).ToArray();
                return true;
            }

            endsWithNewline = _buffer[read - 1] == (byte)'\n';
            offset += read;
            if (_buffer.Length < LargestPage && KnownLength - offset > _buffer.Length)
                Grow();
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (_header is { } known)
            return known;
        var header = new byte[_headerEnd];
        for (var filled = 0; filled < header.Length;)
        {
            var read = await ReadAsync(filled, header.AsMemory(filled), cancellationToken);
            if (read == 0)
                throw new TurnStoreException(TurnStoreFailure.Unavailable, "The header of a stored turn was removed while it was read.");
            filled += read;
        }

        _header = header;
        return header;
    }

    public async ValueTask<EventPage> ReadAsync(long afterId, CancellationToken cancellationToken)
    {
        if (afterId != _lastId)
            await SeekAsync(afterId, cancellationToken);
        if (_buffer.Length < LargestPage && KnownLength - _next > _buffer.Length)
            Grow();
        while (true)
        {
            var length = await FillAsync(_next, cancellationToken);
            if (length == 0)
                return new EventPage(default, _lastId, _status);
            var frames = _buffer.AsMemory(0, length);
            StoredFrames.CheckOrder(_lastId, StoredFrames.IdOf(frames.Span));
            var last = StoredFrames.LastOf(frames.Span);
            var lastId = StoredFrames.IdOf(last);
            if (lastId <= afterId)
                StoredFrames.CheckLast(frames.Span);
            _lastId = lastId;
            _status = StoredFrames.StatusAfter(last);
            _next += length;
            if (_lastId > afterId)
                return new EventPage(frames[StoredFrames.LengthThrough(frames.Span, afterId)..], _lastId, _status);
        }
    }

    public abstract Task WaitAsync(CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads bytes from an offset; 0 at the end.</summary>
    protected abstract ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    // Moves to a frame that is not after the wanted one, and close to it. The next frame must not be after it either: an id that a disk has lowered would
    // otherwise hide all events before it.
    private async ValueTask SeekAsync(long afterId, CancellationToken cancellationToken)
    {
        if (afterId < _lastId)
            (_next, _lastId, _status) = (_headerEnd, 0, TurnStatus.Running);
        if (afterId == 0)
            return;
        var (low, high) = (_next, KnownLength);
        if (afterId == long.MaxValue)
        {
            _next = await FindLastFramesAsync(low, high, cancellationToken);
            return;
        }

        while (high - low > SearchDistance)
        {
            var middle = low + ((high - low) / 2);
            if (await FindFrameAsync(middle, high, cancellationToken) is var (offset, id) && id <= afterId
                && await FindFrameAsync(offset, high, cancellationToken) is var (_, nextId) && nextId > id && nextId <= afterId)
                low = offset;
            else
                high = middle;
        }

        _next = low;
    }

    // The start of a frame near the end. The last frame may be long: it holds all the messages of a chat.
    private async ValueTask<long> FindLastFramesAsync(long low, long high, CancellationToken cancellationToken)
    {
        for (long distance = ProbeSize; distance < high - low; distance *= 4)
        {
            // A frame that is only begun has no end to read.
            if (await FindFrameAsync(high - distance, high, cancellationToken) is var (offset, _) && await FillAsync(offset, cancellationToken) > 0)
                return offset;
        }

        return low;
    }

    private async ValueTask<(long Offset, long Id)?> FindFrameAsync(long offset, long limit, CancellationToken cancellationToken)
    {
        while (offset < limit)
        {
            var read = await ReadAsync(offset, _buffer.AsMemory(0, ProbeSize), cancellationToken);
            if (read == 0)
                return null;
            var bytes = _buffer.AsSpan(0, read);
            var found = bytes.IndexOf("\n\nid: "u8);
            if (found >= 0 && (bytes.Length - found >= LongestIdField || found == 0))
                return Utf8Parser.TryParse(bytes[(found + 6)..], out long id, out _) ? (offset + found + EventFrames.End.Length, id) : null;
            offset += found > 0 ? found : Math.Max(1, read - LongestIdField);
        }

        return null;
    }

    // How many of the bytes are of the header, with its end; 0 if the end is not in them.
    private static int LengthToEnd(ReadOnlySpan<byte> bytes, bool followsNewline)
    {
        if (followsNewline && bytes[0] == (byte)'\n')
            return 1;
        return bytes.IndexOf(EventFrames.End) is >= 0 and var end ? end + EventFrames.End.Length : 0;
    }

    // Fills the buffer from the offset. Returns the length of the whole frames in it, 0 if there is none.
    private async ValueTask<int> FillAsync(long offset, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (true)
        {
            if (filled == _buffer.Length)
                Grow();
            var read = await ReadAsync(offset + filled, _buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
                return 0;
            var searched = Math.Max(0, filled - 1);
            filled += read;
            if (_buffer.AsSpan(searched, filled - searched).LastIndexOf(EventFrames.End) is var end and >= 0)
                return searched + end + EventFrames.End.Length;
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
