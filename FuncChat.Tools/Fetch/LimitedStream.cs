namespace FuncChat.Tools.Fetch;

/// <summary>
/// The body of a response that is read whole; reading fails if it is too large. In an event stream, each event is counted alone, and in a stream of lines, each line.
/// </summary>
internal sealed class LimitedStream(Stream body, bool isEventStream, int maxBytes = LimitedStream.MaxBytes, bool isOfLines = false, ByteBudget? budget = null) : ReadStream(body)
{
    public const int MaxBytes = 8 * 1024 * 1024;

    private int _read;
    private bool _atLineStart;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await Body.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    // An empty line ends an event.
    private void Count(ReadOnlySpan<byte> bytes)
    {
        budget?.Use(bytes.Length);
        foreach (var letter in bytes)
        {
            _read = letter == '\n' && (isOfLines || (isEventStream && _atLineStart)) ? 0 : _read + 1;
            _atLineStart = letter == '\n' || (_atLineStart && letter == '\r');
            if (_read > maxBytes)
                throw new ResponseTooLargeException();
        }
    }
}

/// <summary>A response has more bytes than are read. An <see cref="InvalidDataException"/> means that it can't be decompressed.</summary>
internal sealed class ResponseTooLargeException() : Exception("The response is too large.");
