using System.IO.Compression;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>
/// The parts of an Open XML package, which relationships name and find (ECMA-376, part 2). Relationships to parts that are missing are left out. Parts are read as
/// streams, which takes little memory.
/// </summary>
internal sealed class OfficePackage : IDisposable
{
    private const int MaxCharacters = 100_000_000;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _parts = new(StringComparer.OrdinalIgnoreCase);

    public OfficePackage(byte[] document)
    {
        _zip = new ZipArchive(new MemoryStream(document, writable: false), ZipArchiveMode.Read);
        foreach (var entry in _zip.Entries)
            _parts.TryAdd(NameOf("", entry.FullName), entry);
        Main = Related("", "officeDocument") ?? throw new InvalidDataException("The package has no main part.");
    }

    /// <summary>The name of the part that holds the body, the list of sheets, or the list of slides.</summary>
    public string Main { get; }

    public void Dispose() => _zip.Dispose();

    public XmlReader Open(string part) => XmlReader.Create(
        _parts[part].Open(),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true, MaxCharactersInDocument = MaxCharacters });

    /// <summary>The first part that a part refers to with a relationship of a type; null if there is none.</summary>
    /// <param name="part">Empty for the package itself.</param>
    /// <param name="type">The end of the type: what precedes it depends on the edition of the standard.</param>
    public string? Related(string part, string type) => RelationshipsOf(part).FirstOrDefault(each => each.Type.EndsWith($"/{type}", StringComparison.Ordinal)).Target;

    /// <summary>The parts that a part refers to, by the ids of the relationships.</summary>
    public Dictionary<string, string> RelatedById(string part)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, _, target) in RelationshipsOf(part))
            parts.TryAdd(id, target);
        return parts;
    }

    private IEnumerable<(string Id, string Type, string Target)> RelationshipsOf(string part)
    {
        var folder = part[..(part.LastIndexOf('/') + 1)];
        if (!_parts.ContainsKey($"{folder}_rels/{part[folder.Length..]}.rels"))
            yield break;
        using var xml = Open($"{folder}_rels/{part[folder.Length..]}.rels");
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" } && xml.GetAttribute("TargetMode") is not "External"
                && NameOf(folder, xml.GetAttribute("Target") ?? "") is var name && _parts.ContainsKey(name))
            {
                yield return (xml.GetAttribute("Id") ?? "", xml.GetAttribute("Type") ?? "", name);
            }
        }
    }

    // Targets are relative to the folder of the part, or start at the package. Some programs write backslashes.
    private static string NameOf(string folder, string target)
    {
        var path = target.Replace('\\', '/');
        var segments = new List<string>();
        foreach (var segment in (path.StartsWith('/') ? path : folder + path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (segment is not ("." or ".."))
                segments.Add(Uri.UnescapeDataString(segment));
        }

        return string.Join('/', segments);
    }
}
