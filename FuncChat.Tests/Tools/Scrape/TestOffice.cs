using System.IO.Compression;
using System.Text;
using FuncChat.Sandbox;
using FuncChat.Sandbox.Documents;

namespace FuncChat.Tests.Tools.Scrape;

/// <summary>Documents of Office for tests, part by part.</summary>
internal static class TestOffice
{
    public const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private const string Relations = "application/vnd.openxmlformats-package.relationships+xml";
    private const string WordNames = """xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" """;
    private const string Strings = """<si><t>Item</t></si><si><r><t>Tea </t></r><r><t>pot</t></r><rPh sb="0" eb="1"><t>hint</t></rPh></si>""";
    private const string Styles = """<numFmts><numFmt numFmtId="170" formatCode="[$-409]d\ mmm&quot;.&quot;"/><numFmt numFmtId="171" formatCode="0.0&quot;days&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="20"/></cellXfs>""";
    private const string Main = "application/vnd.openxmlformats-officedocument.";

    /// <param name="body">The content of `w:body`.</param>
    /// <param name="styles">The content of `w:styles`.</param>
    /// <param name="footnotes">The content of `w:footnotes`.</param>
    /// <param name="numbering">The content of `w:numbering`.</param>
    /// <param name="main">The name of the main part, in the folder `word`.</param>
    public static byte[] Word(string body, string? styles = null, string? footnotes = null, string? numbering = null, string main = "document.xml") => Package(
        $"word/{main}", $"{Main}wordprocessingml.document.main+xml",
        [
            ($"word/{main}", $"""<w:document {WordNames}><w:body>{body}</w:body></w:document>"""),
            ($"word/_rels/{main}.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{(styles is null ? "" : $"""<Relationship Id="rId1" Type="{Office}/styles" Target="styles.xml"/>""")}{(footnotes is null ? "" : $"""<Relationship Id="rId2" Type="{Office}/footnotes" Target="/word/footnotes.xml"/>""")}{(numbering is null ? "" : $"""<Relationship Id="rId3" Type="{Office}/numbering" Target="numbering.xml"/>""")}</Relationships>"""),
            ("word/styles.xml", $"<w:styles {WordNames}>{styles}</w:styles>"),
            ("word/numbering.xml", $"<w:numbering {WordNames}>{numbering}</w:numbering>"),
            ("word/footnotes.xml", $"<w:footnotes {WordNames}>{footnotes}</w:footnotes>"),
        ]);

    /// <param name="rows">The content of `sheetData` of the one sheet.</param>
    /// <param name="sheets">More sheets of the list.</param>
    /// <param name="styles">The content of `styleSheet`.</param>
    /// <param name="strings">The content of `sst`.</param>
    /// <param name="properties">What precedes the list of sheets.</param>
    /// <param name="columns">What precedes the rows.</param>
    /// <param name="main">The name of the main part, in the folder `xl`.</param>
    public static byte[] Workbook(
        string rows, string sheets = "", string styles = Styles, string strings = Strings, string properties = "", string columns = "", string main = "workbook.xml") => Package(
        $"xl/{main}", $"{Main}spreadsheetml.sheet.main+xml",
        ($"xl/{main}", $"""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{Office}">{properties}<sheets><sheet name="Prices" sheetId="1" r:id="rId1"/>{sheets}</sheets></workbook>"""),
        ($"xl/_rels/{main}.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{Office}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="{Office}/styles" Target="styles.xml"/></Relationships>"""),
        ("xl/sharedStrings.xml", $"""<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>"""),
        ("xl/styles.xml", $"""<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{styles}</styleSheet>"""),
        ("xl/worksheets/sheet1.xml", $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{columns}<sheetData>{rows}</sheetData></worksheet>"""));

    /// <param name="texts">Of one paragraph on each slide.</param>
    public static byte[] Slides(params string[] texts) =>
        SlidesOf([.. texts.Select(text => ("", $"<p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"))]);

    /// <param name="slides">The attributes of `p:sld` and the content of `p:spTree` of each slide.</param>
    public static byte[] SlidesOf(params (string Attributes, string Shapes)[] slides) => Package(
        "ppt/presentation.xml", $"{Main}presentationml.presentation.main+xml",
        [
            ("ppt/presentation.xml", $"""<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{Office}"><p:sldIdLst>{string.Concat(slides.Select((_, index) => $"""<p:sldId id="{256 + index}" r:id="rId{index}"/>"""))}</p:sldIdLst></p:presentation>"""),
            ("ppt/_rels/presentation.xml.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(slides.Select((_, index) => $"""<Relationship Id="rId{index}" Type="{Office}/slide" Target="slides/slide{index}.xml"/>"""))}</Relationships>"""),
            .. slides.Select((slide, index) => ($"ppt/slides/slide{index}.xml", $"""<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" {slide.Attributes}><p:cSld><p:spTree>{slide.Shapes}</p:spTree></p:cSld></p:sld>""")),
        ]);

    /// <summary>What a child sends of a document, read in this process.</summary>
    public static string TextOf(byte[] document)
    {
        using var output = new MemoryStream();
        OfficeExtraction.Run(new SandboxRequest(document, TimeSpan.FromMinutes(1), 1_000_000), new FrameWriter(output));
        var (pages, at) = (new List<string>(), 0);
        for (var bytes = output.ToArray(); at < bytes.Length; at += 5 + BitConverter.ToInt32(bytes, at + 1))
        {
            if (bytes[at] is SandboxProtocol.Page)
                pages.Add(Encoding.UTF8.GetString(bytes, at + 5, BitConverter.ToInt32(bytes, at + 1)));
            else if (bytes[at] is SandboxProtocol.Error)
                pages.Add("[damaged]");
        }

        return string.Join("\n\n", pages);
    }

    /// <summary>The document without some of its parts, which are still referred to.</summary>
    public static byte[] Without(byte[] document, params string[] parts)
    {
        using var package = new MemoryStream();
        package.Write(document);
        using (var zip = new ZipArchive(package, ZipArchiveMode.Update, leaveOpen: true))
        {
            foreach (var part in parts)
                zip.GetEntry(part)!.Delete();
        }

        return package.ToArray();
    }

    /// <summary>The document with one more part, which is not compressed.</summary>
    public static byte[] With(byte[] document, string part, byte[] content)
    {
        using var package = new MemoryStream();
        package.Write(document);
        using (var zip = new ZipArchive(package, ZipArchiveMode.Update, leaveOpen: true))
        using (var entry = zip.CreateEntry(part, CompressionLevel.NoCompression).Open())
            entry.Write(content);
        return package.ToArray();
    }

    private static byte[] Package(string main, string type, params IReadOnlyList<(string Name, string Content)> parts)
    {
        var types = string.Concat(parts.Where(part => !part.Name.EndsWith(".rels", StringComparison.Ordinal)).Select(part => $"""<Override PartName="/{part.Name}" ContentType="{(part.Name == main ? type : TypeOf(part.Name))}"/>"""));
        using var package = new MemoryStream();
        using (var zip = new ZipArchive(package, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="{Relations}"/>{types}</Types>""");
            Add(zip, "_rels/.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Office}/officeDocument" Target="{main}"/></Relationships>""");
            foreach (var (name, content) in parts)
                Add(zip, name, content);
        }

        return package.ToArray();
    }

    private static string TypeOf(string name) => $"{Main}{(name.StartsWith("xl/worksheets", StringComparison.Ordinal) ? "spreadsheetml.worksheet"
        : name.Contains("sharedStrings", StringComparison.Ordinal) ? "spreadsheetml.sharedStrings"
        : name.StartsWith("word/", StringComparison.Ordinal) ? $"wordprocessingml.{name["word/".Length..^".xml".Length]}"
        : name.Contains("styles", StringComparison.Ordinal) ? "spreadsheetml.styles"
        : "presentationml.slide")}+xml";

    private static void Add(ZipArchive zip, string name, string content)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(content));
    }
}
