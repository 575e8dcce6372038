using System.Buffers.Text;
using System.Text;
using FuncChat.Bench.Wire;

namespace FuncChat.Bench.Client;

/// <summary>
/// Reads an answer's server-sent events as they come, and checks that every piece of text is there, once, in order and undamaged, that the ids, where
/// there are any, count up by one, and that the answer ends as it should.
/// </summary>
/// <param name="marker">The text right before a piece.</param>
/// <param name="end">The text that marks the last event.</param>
/// <param name="everyId">Whether ids count up by one. Otherwise they only increase: some formats leave out events.</param>
internal sealed class TextCheck(string marker, string end, bool everyId = true)
{
    private readonly byte[] _marker = Encoding.UTF8.GetBytes(marker + "#");
    private readonly byte[] _end = Encoding.UTF8.GetBytes(end);
    private byte[] _begun = new byte[1024];
    private int _begunLength;
    private int _pieces;
    private long _lastId;
    private long _now;
    private bool _isEnded;

    /// <summary>When the first piece of this answer came; 0 until then.</summary>
    public long FirstAt { get; private set; }

    /// <summary>Events of all answers so far, text or not.</summary>
    public long Events { get; private set; }

    /// <summary>Microseconds from the upstream to here, of each piece that carried its time.</summary>
    public List<int> Latencies { get; } = [];

    /// <summary>The id of the last event; 0 if the format has no ids.</summary>
    public long LastId => _lastId;

    /// <param name="afterId">The id that the first event follows.</param>
    public void Begin(long afterId = 0)
    {
        _begunLength = _pieces = 0;
        (_lastId, FirstAt) = (afterId, 0);
        _isEnded = false;
    }

    /// <summary>Notes when the bytes that are added next were received.</summary>
    public void ReceivedAt(long time) => _now = time;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_begunLength > 0)
        {
            // Only an event that arrives in parts is copied.
            var from = Math.Max(0, _begunLength - 1);
            var enough = EndOfEvent(bytes, endsLine: _begun[from] == '\n');
            var count = enough < 0 ? bytes.Length : enough;
            Keep(bytes[..count]);
            if (enough < 0)
                return;
            Check(_begun.AsSpan(0, _begunLength));
            _begunLength = 0;
            bytes = bytes[count..];
        }

        while (EndOfEvent(bytes, endsLine: false) is var length and > 0)
        {
            Check(bytes[..length]);
            bytes = bytes[length..];
        }

        Keep(bytes);
    }

    /// <summary>Throws where the answer was not whole.</summary>
    public void End(int pieces)
    {
        if (_pieces != pieces)
            throw new BenchException($"{pieces} pieces of text were sent, and {_pieces} came.");
        if (!_isEnded)
            throw new BenchException("An answer was cut off.");
    }

    // The length up to and with the empty line; -1 where there is none yet.
    private static int EndOfEvent(ReadOnlySpan<byte> bytes, bool endsLine)
    {
        if (endsLine && bytes is [(byte)'\n', ..])
            return 1;
        var end = bytes.IndexOf("\n\n"u8);
        return end < 0 ? -1 : end + 2;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_begunLength + bytes.Length > _begun.Length)
            Array.Resize(ref _begun, Math.Max(_begun.Length * 2, _begunLength + bytes.Length));
        bytes.CopyTo(_begun.AsSpan(_begunLength));
        _begunLength += bytes.Length;
    }

    private void Check(ReadOnlySpan<byte> frame)
    {
        Events++;
        if (frame.StartsWith("id: "u8))
        {
            if (!Utf8Parser.TryParse(frame[4..], out long id, out _) || (everyId ? id != _lastId + 1 : id <= _lastId))
                throw new BenchException($"The event after id {_lastId} is not the next one.");
            _lastId = id;
        }

        var at = frame.IndexOf(_marker);
        if (at < 0)
        {
            if (frame.IndexOf("event: error\n"u8) >= 0)
                throw new BenchException($"A server reported: {Encoding.UTF8.GetString(frame).Trim()}");
            _isEnded |= frame.IndexOf(_end) >= 0;
            return;
        }

        // A server may send pieces that came together as one event.
        var text = frame[(at + _marker.Length - 1)..];
        do
        {
            CheckPiece(frame, text);
            text = text[Piece.Length..];
        }
        while (text is [(byte)'#', ..]);
    }

    private void CheckPiece(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> text)
    {
        if (!Piece.TryRead(text, out var number, out var time))
            throw new BenchException($"Piece {_pieces} came damaged: {Encoding.UTF8.GetString(frame)}");
        if (number != _pieces++)
            throw new BenchException($"In place of piece {_pieces - 1} came piece {number}.");
        if (FirstAt == 0)
            FirstAt = _now;
        if (time > 0)
            Latencies.Add((int)(_now - time));
    }
}
