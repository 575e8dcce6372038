using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FuncChat.Bench.Client;

/// <summary>Takes one HTTP/1.1 answer apart as its bytes come, and passes its body on.</summary>
internal sealed class HttpAnswer(TextCheck body)
{
    private readonly byte[] _line = new byte[8192];
    private int _lineLength;
    private int _left;
    private bool _isHeadRead;
    private bool _isChunked;
    private bool _isLastChunk;

    public bool IsWhole { get; private set; }

    public void Begin()
    {
        _lineLength = _left = 0;
        _isHeadRead = _isChunked = _isLastChunk = IsWhole = false;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsWhole)
        {
            if (_isHeadRead && _left > 0)
            {
                var count = Math.Min(_left, bytes.Length);
                body.Add(bytes[..count]);
                bytes = bytes[count..];
                _left -= count;
                IsWhole = _left == 0 && !_isChunked;
            }
            else if (TryReadLine(ref bytes))
            {
                var line = _line.AsSpan(0, _lineLength);
                _lineLength = 0;
                if (_isHeadRead)
                    ReadChunkLine(line);
                else
                    ReadHeadLine(line);
            }
        }
    }

    private bool TryReadLine(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        var part = end < 0 ? bytes : bytes[..end];
        part.CopyTo(_line.AsSpan(_lineLength));
        _lineLength += part.Length;
        bytes = bytes[(end < 0 ? part.Length : end + 1)..];
        if (end >= 0 && _lineLength > 0 && _line[_lineLength - 1] == '\r')
            _lineLength--;
        return end >= 0;
    }

    private void ReadHeadLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("HTTP/1.1 "u8) && !line[9..].StartsWith("200"u8))
            throw new BenchException($"A server answered with status {Encoding.ASCII.GetString(line[9..])}.");
        if (IsHeader(line, "content-length:"))
            _left = int.Parse(line["content-length:".Length..].Trim((byte)' '), NumberStyles.None, CultureInfo.InvariantCulture);
        else if (IsHeader(line, "transfer-encoding:"))
            _isChunked = true;
        else if (line.IsEmpty)
        {
            _isHeadRead = true;
            IsWhole = !_isChunked && _left == 0;
        }
    }

    // A chunk's length, the empty line after a chunk, or the one that ends the answer.
    private void ReadChunkLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
            IsWhole = _isLastChunk;
        else if (Utf8Parser.TryParse(line, out _left, out _, 'x'))
            _isLastChunk = _left == 0;
        else
            throw new BenchException("A server's chunked answer is broken.");
    }

    private static bool IsHeader(ReadOnlySpan<byte> line, string name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
