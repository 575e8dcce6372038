using System.Buffers;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// Server-sent events out of a <see cref="ReceiveBuffer"/>, however the bytes were split on their way. As in the HTML standard (9.2.6),
/// lines end with LF, CRLF or CR; a byte order mark at the start, comments and unknown fields are skipped; several `data` lines of one event
/// are joined by LF. Unlike there, an event without its blank line at the end of the stream still counts, since some providers end their
/// last one that way.
/// </summary>
internal sealed class SseReader(ReceiveBuffer received, int limit)
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private ArrayBufferWriter<byte>? _joined;
    private int _scanned;
    private bool _hasData;
    private bool _isError;
    private bool _skipLineFeed;
    private bool _atStart = true;

    /// <summary>The event read last is named `error`.</summary>
    public bool IsError { get; private set; }

    /// <summary>The event read last lacks its blank line: the stream ended first, perhaps in the middle of the event.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The next event's data. It is valid until the next call of <see cref="ReceiveBuffer.Space"/>.</summary>
    /// <param name="ended">Nothing more will come.</param>
    /// <returns>False when no complete event is available.</returns>
    /// <exception cref="InvalidDataException">The event is longer than the limit.</exception>
    public bool TryRead(bool ended, out ReadOnlyMemory<byte> data)
    {
        while (TryFindLine(ended, out var length, out var taken))
        {
            var line = received.Unread[..length];
            if (line.StartsWith("data:"u8))
            {
                var offset = line.Length > 5 && line[5] == ' ' ? 6 : 5;
                var value = received.Slice(offset, length - offset);
                received.Take(taken);
                // Nearly every event is one line with its blank line right after it: its data is handed out in place.
                if (!_hasData && NextLineIsBlank())
                {
                    data = value;
                    EndEvent();
                    return true;
                }
                Join(value.Span);
                continue;
            }

            if (length == 0 && _hasData)
            {
                received.Take(taken);
                data = TakeJoined();
                return true;
            }

            ReadField(line);
            received.Take(taken);
        }

        IsCut = ended && _hasData;
        data = IsCut ? TakeJoined() : default;
        return !data.IsEmpty;
    }

    private bool TryFindLine(bool ended, out int length, out int taken)
    {
        if (_skipLineFeed)
            SkipLineFeed();
        var unread = received.Unread;
        var at = unread[_scanned..].IndexOfAny(LineFeed, CarriageReturn);
        if (at < 0)
        {
            // A long line comes in many reads: what was searched once is not searched again.
            _scanned = ended ? 0 : unread.Length;
            length = taken = unread.Length;
            return ended && length > 0 && SkipByteOrderMark(ref length, ref taken);
        }

        length = _scanned + at;
        taken = length + 1;
        _scanned = 0;
        if (unread[length] == CarriageReturn)
        {
            if (taken == unread.Length)
                _skipLineFeed = true;
            else if (unread[taken] == LineFeed)
                taken++;
        }
        return !_atStart || SkipByteOrderMark(ref length, ref taken);
    }

    /// <summary>The line feed of a CRLF whose CR was the last byte of the read before.</summary>
    private void SkipLineFeed()
    {
        if (received.Unread.IsEmpty)
            return;
        if (received.Unread[0] == LineFeed)
            received.Take(1);
        _skipLineFeed = false;
    }

    private bool SkipByteOrderMark(ref int length, ref int taken)
    {
        if (_atStart && received.Unread[..length].StartsWith("\uFEFF"u8))
        {
            received.Take(3);
            length -= 3;
            taken -= 3;
        }
        _atStart = false;
        return true;
    }

    private bool NextLineIsBlank()
    {
        var unread = received.Unread;
        return !unread.IsEmpty && unread[0] is LineFeed or CarriageReturn;
    }

    private void ReadField(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
            _isError = false;
        else if (line.SequenceEqual("data"u8))
            Join([]);
        else if (line.StartsWith("event:"u8))
            _isError = line[6..].Trim((byte)' ').SequenceEqual("error"u8);
    }

    private void Join(ReadOnlySpan<byte> value)
    {
        _joined ??= new ArrayBufferWriter<byte>(value.Length + 256);
        if (_joined.WrittenCount + value.Length >= limit)
            throw new InvalidDataException($"An event of more than {limit / (1024 * 1024)} MB came.");
        if (_hasData)
            _joined.Write("\n"u8);
        else
            _joined.ResetWrittenCount();
        _joined.Write(value);
        _hasData = true;
    }

    private ReadOnlyMemory<byte> TakeJoined()
    {
        EndEvent();
        return _joined!.WrittenMemory;
    }

    private void EndEvent()
    {
        IsError = _isError;
        _isError = false;
        _hasData = false;
    }
}
