using System.Buffers.Binary;
using System.Text;

namespace FuncChat.Sandbox;

/// <summary>Writes frames of <see cref="SandboxProtocol"/>, each with one write, so that a killed child leaves only whole frames.</summary>
internal sealed class FrameWriter(Stream stream)
{
    public void Write(byte kind, string text)
    {
        var frame = new byte[SandboxProtocol.FrameHeaderSize + Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, frame.AsSpan(SandboxProtocol.FrameHeaderSize));
        Send(kind, frame);
    }

    public void Write(byte kind, ReadOnlySpan<byte> utf8 = default)
    {
        var frame = new byte[SandboxProtocol.FrameHeaderSize + utf8.Length];
        utf8.CopyTo(frame.AsSpan(SandboxProtocol.FrameHeaderSize));
        Send(kind, frame);
    }

    private void Send(byte kind, byte[] frame)
    {
        frame[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), frame.Length - SandboxProtocol.FrameHeaderSize);
        stream.Write(frame);
        stream.Flush();
    }
}
