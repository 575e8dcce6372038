using System.Buffers.Binary;

namespace FuncChat.Sandbox.Documents;

/// <summary>The one document that a child reads.</summary>
internal sealed record DocumentRequest(byte[] Document, TimeSpan Timeout, int OutputLimit)
{
    /// <summary>Waits for the request; null when the host is gone.</summary>
    public static DocumentRequest? ReadFrom(Stream stream)
    {
        Span<byte> header = stackalloc byte[SandboxProtocol.RequestHeaderSize];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            return null;

        var document = new byte[BinaryPrimitives.ReadInt32LittleEndian(header[8..])];
        return stream.ReadAtLeast(document, document.Length, throwOnEndOfStream: false) < document.Length
            ? null
            : new DocumentRequest(
                document,
                TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt32LittleEndian(header)),
                BinaryPrimitives.ReadInt32LittleEndian(header[4..]));
    }
}
