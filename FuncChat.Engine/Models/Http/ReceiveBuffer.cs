using System.Buffers;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// Bytes received and not yet consumed, in one pooled array. Slices of it are valid until <see cref="Space"/> is called, which may move
/// them.
/// </summary>
/// <param name="limit">The most bytes that may wait in it: a longer line, or event, is an error.</param>
internal sealed class ReceiveBuffer(int limit) : IDisposable
{
    // Thousands of slow streams have one of these each, so it starts small. A stream that fills it is fast: each fill doubles it, up to a
    // size at which the calls to read no longer show in a profile.
    private const int InitialSize = 4 * 1024;
    private const int FastSize = 32 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>The part of the unread bytes that begins at this offset.</summary>
    public ReadOnlyMemory<byte> Slice(int offset, int length) => _bytes.AsMemory(_start + offset, length);

    public void Take(int count) => _start += count;

    /// <summary>Room for the next read.</summary>
    /// <exception cref="InvalidDataException">The limit is reached.</exception>
    public Memory<byte> Space()
    {
        var unread = _end - _start;
        if (unread >= limit)
            throw new InvalidDataException($"More than {limit / (1024 * 1024)} MB came without an end.");
        var wasFilled = _end == _bytes.Length && (unread > _bytes.Length / 2 || _bytes.Length < FastSize);
        if (wasFilled)
            MoveTo(ArrayPool<byte>.Shared.Rent(_bytes.Length * 2));
        else if (_start > 0)
            Unread.CopyTo(_bytes);
        _start = 0;
        _end = unread;
        return _bytes.AsMemory(_end);
    }

    /// <summary>Adds what was read into <see cref="Space"/>.</summary>
    public void Received(int count) => _end += count;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }

    private void MoveTo(byte[] larger)
    {
        Unread.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
