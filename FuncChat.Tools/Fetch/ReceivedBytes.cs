namespace FuncChat.Tools.Fetch;

/// <summary>A body as it was sent, counted. The first byte can be looked at, which tells the two forms of "deflate" apart.</summary>
internal sealed class ReceivedBytes(Stream body) : Stream
{
    // Decoders fill large buffers ahead. Small pieces keep the count close to what was decoded.
    private const int Piece = 4096;

    private byte[] _peeked = [];

    /// <summary>How many bytes were read.</summary>
    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The first byte, which stays to be read; null where the body is empty.</summary>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellationToken)
    {
        var first = new byte[1];
        if (await body.ReadAsync(first, cancellationToken) == 0)
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
            read = await body.ReadAsync(piece, cancellationToken);
        }

        Count += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }
}
