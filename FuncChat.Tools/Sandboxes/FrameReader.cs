using System.Buffers.Binary;
using System.Text;
using FuncChat.Sandbox;

namespace FuncChat.Tools.Sandboxes;

/// <summary>One frame of <see cref="SandboxProtocol"/>.</summary>
internal readonly record struct Frame(byte Kind, string Text);

/// <summary>Reads a child's frames, up to the most bytes that a valid child sends.</summary>
internal sealed class FrameReader(Stream stream, long maxBytes)
{
    private readonly byte[] _header = new byte[SandboxProtocol.FrameHeaderSize];
    private long _left = maxBytes;

    /// <summary>Null at the end of the stream, even within a frame.</summary>
    /// <exception cref="InvalidDataException">The child sends more than it may.</exception>
    public async ValueTask<Frame?> ReadAsync()
    {
        if (await stream.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false) < _header.Length)
            return null;

        var length = BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(1));
        _left -= _header.Length + (long)length;
        if (length < 0 || _left < 0)
            throw new InvalidDataException("The child sent more than it may.");

        var payload = new byte[length];
        return await stream.ReadAtLeastAsync(payload, length, throwOnEndOfStream: false) < length
            ? null
            : new Frame(_header[0], Encoding.UTF8.GetString(payload));
    }
}
