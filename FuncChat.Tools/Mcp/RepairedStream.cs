using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// Replaces halves of surrogate pairs in what a server sends, and empties objects that are nested too deeply. The SDK can't read them: a whole response would fail because of one tool, or the call of a tool
/// because of one file name.
/// </summary>
/// <param name="isOfLines">Whether each line is a message.</param>
internal sealed class RepairedStream(Stream body, bool isOfLines = false) : ReadStream(body)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly NestingCut _nesting = new(isOfLines);
    private int _filled;
    private int _ready;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_ready == 0)
        {
            var read = await Body.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            _filled += read;
            // What is incomplete at the end stays as it is.
            _ready = read == 0 ? _filled : LoneSurrogates.ReplaceIn(_buffer.AsSpan(0, _filled));
            if (read == 0 && _filled == 0)
                return 0;
            var kept = _nesting.Cut(_buffer.AsSpan(0, _ready));
            _buffer.AsSpan(_ready, _filled - _ready).CopyTo(_buffer.AsSpan(kept));
            _filled -= _ready - kept;
            _ready = kept;
        }

        var count = Math.Min(buffer.Length, _ready);
        _buffer.AsSpan(0, count).CopyTo(buffer.Span);
        _buffer.AsSpan(count, _filled - count).CopyTo(_buffer);
        _ready -= count;
        _filled -= count;
        return count;
    }
}
