using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FuncChat.Sandbox;

/// <summary>The one request that a child gets.</summary>
/// <param name="Content">A script or a document.</param>
internal sealed record SandboxRequest(byte[] Content, TimeSpan Timeout, int OutputLimit)
{
    /// <summary>The content as a script. It comes as UTF-16, which keeps lone surrogates.</summary>
    public string Script => new(MemoryMarshal.Cast<byte, char>(Content));

    /// <summary>Waits for the request; null when the host is gone.</summary>
    public static SandboxRequest? ReadFrom(Stream stream)
    {
        Span<byte> header = stackalloc byte[SandboxProtocol.RequestHeaderSize];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            return null;

        var content = new byte[BinaryPrimitives.ReadInt32LittleEndian(header[8..])];
        return stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length
            ? null
            : new SandboxRequest(
                content,
                TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt32LittleEndian(header)),
                BinaryPrimitives.ReadInt32LittleEndian(header[4..]));
    }
}
