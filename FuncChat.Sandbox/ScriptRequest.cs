using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FuncChat.Sandbox;

/// <summary>The one request that a child gets.</summary>
internal sealed record ScriptRequest(string Code, TimeSpan Timeout, int OutputLimit)
{
    /// <summary>Waits for the request; null when the host is gone.</summary>
    public static ScriptRequest? ReadFrom(Stream stream)
    {
        Span<byte> header = stackalloc byte[SandboxProtocol.RequestHeaderSize];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            return null;

        var code = new char[BinaryPrimitives.ReadInt32LittleEndian(header[8..])];
        var bytes = MemoryMarshal.AsBytes(code.AsSpan());
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            return null;

        return new ScriptRequest(
            new string(code),
            TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt32LittleEndian(header)),
            BinaryPrimitives.ReadInt32LittleEndian(header[4..]));
    }
}
