namespace FuncChat.Tools.Fetch;

/// <summary>A body as it was sent, counted. The first byte can be looked at, which tells the two forms of "deflate" apart.</summary>
internal sealed class ReceivedBytes(Stream body) : ReadStream(body)
{
    // Decoders fill large buffers ahead. Small pieces keep the count close to what was decoded.
    private const int Piece = 4096;

    private byte[] _peeked = [];

    /// <summary>How many bytes were read.</summary>
    public long Count { get; private set; }

    /// <summary>The first byte, which stays to be read; null where the body is empty.</summary>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellationToken)
    {
        var first = new byte[1];
        if (await Body.ReadAsync(first, cancellationToken) == 0)
            return null;
        _peeked = first;
        return first[0];
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var piece = buffer[..Math.Min(buffer.Length, Piece)];
        int read;
        if (_peeked.Length > 0 && piece.Length > 0)
        {
            _peeked.CopyTo(piece);
            _peeked = [];
            read = 1;
        }
        else
        {
            read = await Body.ReadAsync(piece, cancellationToken);
        }

        Count += read;
        return read;
    }
}
