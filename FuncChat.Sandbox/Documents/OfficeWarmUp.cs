using System.IO.Compression;
using System.Text;
using System.Xml;
using UglyToad.PdfPig.Fonts;

namespace FuncChat.Sandbox.Documents;

/// <summary>Loads every assembly and native library that a document of Office can need while files can still be opened, and reads one of each kind.</summary>
internal static class OfficeWarmUp
{
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static void Run()
    {
        LoadedAssemblies.LoadReferencesOf(typeof(OfficeWarmUp).Assembly, typeof(ZipArchive).Assembly, typeof(XmlReader).Assembly, typeof(Enumerable).Assembly,
            typeof(GlyphList).Assembly);
        Read(
            $"""<document xmlns:r="{Relationships}"><body><p><pPr><numPr><numId val="1"/></numPr></pPr><r><footnoteReference id="2"/><chart r:id="chart"/></r></p><p><pPr><pStyle val="S"/></pPr><r><t>Sample</t><sym char="F0B3"/></r></p><oMath><f><num><r><t>1</t></r></num><den><r><t>2</t></r></den></f></oMath></body></document>""",
            ("footnotes", """<footnotes><footnote id="2"><p><r><t>Sample</t></r></p></footnote></footnotes>"""),
            ("numbering", """<numbering><abstractNum abstractNumId="0"><lvl ilvl="0"><start val="1"/><numFmt val="upperRoman"/><lvlText val="%1."/></lvl></abstractNum><num numId="1"><abstractNumId val="0"/></num></numbering>"""),
            ("chart", """<chartSpace><chart><title><t>Sample</t></title><plotArea><barChart><ser><cat><pt idx="0"><v>1</v></pt></cat><val><pt idx="0"><v>2</v></pt></val></ser></barChart></plotArea></chart></chartSpace>"""),
            ("styles", """<styles><style styleId="S"><rPr><strike/></rPr></style></styles>"""));
        Read(
            $"""<workbook xmlns:r="{Relationships}"><sheets><sheet name="Sample" r:id="worksheet"/></sheets></workbook>""",
            ("worksheet", """<worksheet><sheetData><row><c r="A1" t="s"><v>0</v></c><c r="B1" s="0"><v>45358.5</v></c></row></sheetData></worksheet>"""),
            ("sharedStrings", "<sst><si><t>Sample_x000D_</t></si></sst>"),
            ("styles", """<styleSheet><numFmts><numFmt numFmtId="170" formatCode="d\ mmm [$€-407]"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>"""));
        Read(
            $"""<presentation xmlns:r="{Relationships}"><sldIdLst><sldId r:id="slide"/></sldIdLst></presentation>""",
            ("slide", """<sld><p><pPr><buAutoNum type="romanUcPeriod"/></pPr><r><rPr baseline="30000"/><t>2</t></r></p></sld>"""));
    }

    // Each part after the main one is named after its relationship.
    private static void Read(string main, params ReadOnlySpan<(string Name, string Content)> parts)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var related = new StringBuilder();
            foreach (var (name, content) in parts)
            {
                Add(zip, name, content);
                related.Append(Relationship(name, name));
            }

            Add(zip, "main", main);
            Add(zip, "_rels/.rels", $"<Relationships>{Relationship("officeDocument", "main")}</Relationships>");
            Add(zip, "_rels/main.rels", $"<Relationships>{related}</Relationships>");
        }

        OfficeExtraction.Run(new SandboxRequest(stream.ToArray(), TimeSpan.FromSeconds(60), 1000), new FrameWriter(Stream.Null));
    }

    private static string Relationship(string name, string target) => $"""<Relationship Id="{name}" Type="{Relationships}/{name}" Target="{target}"/>""";

    private static void Add(ZipArchive zip, string name, string content)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(content));
    }
}
