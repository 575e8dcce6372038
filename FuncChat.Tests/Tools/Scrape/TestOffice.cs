using System.IO.Compression;
using System.Text;

namespace FuncChat.Tests.Tools.Scrape;

/// <summary>Documents of Office for tests, part by part.</summary>
internal static class TestOffice
{
    private const string Relations = "application/vnd.openxmlformats-package.relationships+xml";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Main = "application/vnd.openxmlformats-officedocument.";

    /// <param name="body">The content of `w:body`.</param>
    public static byte[] Word(string body) => Package(
        "word/document.xml", $"{Main}wordprocessingml.document.main+xml",
        ("word/document.xml", $"""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>{body}</w:body></w:document>"""));

    /// <param name="rows">The content of `sheetData` of the one sheet.</param>
    /// <param name="sheets">More sheets of the list.</param>
    public static byte[] Workbook(string rows, string sheets = "") => Package(
        "xl/workbook.xml", $"{Main}spreadsheetml.sheet.main+xml",
        ("xl/workbook.xml", $"""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{Office}"><sheets><sheet name="Prices" sheetId="1" r:id="rId1"/>{sheets}</sheets></workbook>"""),
        ("xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{Office}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="{Office}/styles" Target="styles.xml"/></Relationships>"""),
        ("xl/sharedStrings.xml", """<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Item</t></si><si><r><t>Tea </t></r><r><t>pot</t></r><rPh sb="0" eb="1"><t>hint</t></rPh></si></sst>"""),
        ("xl/styles.xml", """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="170" formatCode="[$-409]d\ mmm&quot;.&quot;"/><numFmt numFmtId="171" formatCode="0.0&quot;days&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="20"/></cellXfs></styleSheet>"""),
        ("xl/worksheets/sheet1.xml", $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""));

    public static byte[] Slides(params string[] texts) => Package(
        "ppt/presentation.xml", $"{Main}presentationml.presentation.main+xml",
        [
            ("ppt/presentation.xml", $"""<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{Office}"><p:sldIdLst>{string.Concat(texts.Select((_, index) => $"""<p:sldId id="{256 + index}" r:id="rId{index}"/>"""))}</p:sldIdLst></p:presentation>"""),
            ("ppt/_rels/presentation.xml.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(texts.Select((_, index) => $"""<Relationship Id="rId{index}" Type="{Office}/slide" Target="slides/slide{index}.xml"/>"""))}</Relationships>"""),
            .. texts.Select((text, index) => ($"ppt/slides/slide{index}.xml", $"""<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>""")),
        ]);

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
        : name.Contains("styles", StringComparison.Ordinal) ? "spreadsheetml.styles"
        : "presentationml.slide")}+xml";

    private static void Add(ZipArchive zip, string name, string content)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(content));
    }
}
