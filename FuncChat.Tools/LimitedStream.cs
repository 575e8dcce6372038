namespace FuncChat.Tools;

/// <summary>
/// The body of a response that is read whole; reading fails if it is too large. In an event stream, each event is counted alone.
/// </summary>
internal sealed class LimitedStream(Stream body, bool isEventStream) : Stream
{
    public const int MaxBytes = 8 * 1024 * 1024;

    private int _read;
    private bool _atLineStart;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = body.Read(buffer, offset, count);
        Count(buffer.AsSpan(offset, read));
        return read;
    }

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

    // An empty line ends an event.
    private void Count(ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
        {
            _read = isEventStream && letter == '\n' && _atLineStart ? 0 : _read + 1;
            _atLineStart = letter == '\n' || (_atLineStart && letter == '\r');
            if (_read > MaxBytes)
                throw new InvalidDataException("The response is too large.");
        }
    }
}
