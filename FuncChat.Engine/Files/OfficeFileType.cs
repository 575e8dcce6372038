using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml;

namespace FuncChat.Engine.Files;

/// <summary>
/// Determines what a package of Office (Open XML) holds by the type of its main part: the part's name can be anything, and documents can be embedded in others.
/// Only the part with the types is read, whatever else is in the archive.
/// </summary>
internal static class OfficeFileType
{
    private const int MaxCompressed = 1024 * 1024;
    private const int MaxCharacters = 10_000_000;

    // PKWARE's APPNOTE.TXT, 4.3.7 and 4.3.12.
    private const int LocalHeader = 30;
    private const int DirectoryHeader = 46;
    private const int Deflated = 8;

    /// <summary>The end of the media type; null if it is another archive.</summary>
    public static string? Of(ReadOnlySpan<byte> archive)
    {
        try
        {
            return ContentTypesIn(archive, out var isDeflated) is { } types ? KindIn(types, isDeflated) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or XmlException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    // The directory is at the end: an archive in the archive has its own before that.
    private static byte[]? ContentTypesIn(ReadOnlySpan<byte> archive, out bool isDeflated)
    {
        isDeflated = false;
        var at = archive.LastIndexOf("[Content_Types].xml"u8) - DirectoryHeader;
        if (at < 0 || !archive[at..].StartsWith("PK\u0001\u0002"u8))
            return null;
        var entry = archive.Slice(at, DirectoryHeader);
        isDeflated = BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]) == Deflated;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
        var start = BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]);
        if (size > MaxCompressed || start + LocalHeader > archive.Length)
            return null;
        var local = archive[(int)start..];
        var data = LocalHeader + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        return local.Slice(data, (int)size).ToArray();
    }

    private static string? KindIn(byte[] types, bool isDeflated)
    {
        using var stored = new MemoryStream(types);
        using var inflated = new DeflateStream(stored, CompressionMode.Decompress);
        using var xml = XmlReader.Create(
            isDeflated ? inflated : stored, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters });
        while (xml.Read())
        {
            if (xml.NodeType is XmlNodeType.Element && xml.GetAttribute("ContentType") is { } type && type.EndsWith(".main+xml", StringComparison.OrdinalIgnoreCase))
            {
                return Has(type, "wordprocessingml") || Has(type, "ms-word") ? "wordprocessingml.document"
                    : Has(type, "spreadsheetml") || Has(type, "ms-excel") ? "spreadsheetml.sheet"
                    : Has(type, "presentationml") || Has(type, "ms-powerpoint") ? "presentationml.presentation"
                    : null;
            }
        }

        return null;
    }

    private static bool Has(string type, string part) => type.Contains(part, StringComparison.OrdinalIgnoreCase);
}
