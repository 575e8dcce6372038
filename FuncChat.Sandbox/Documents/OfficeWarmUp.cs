using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Presentation;
using DocumentFormat.OpenXml.Spreadsheet;
using Word = DocumentFormat.OpenXml.Wordprocessing;

namespace FuncChat.Sandbox.Documents;

/// <summary>Loads every assembly and native library that a document of Office can need while files can still be opened, and reads one of each kind.</summary>
internal static class OfficeWarmUp
{
    private const string Relationship = "rId1";

    public static void Run()
    {
        LoadedAssemblies.LoadReferencesOf(typeof(OfficeWarmUp).Assembly, typeof(WordprocessingDocument).Assembly, typeof(OpenXmlElement).Assembly,
            typeof(System.IO.Packaging.Package).Assembly);
        foreach (var create in new Action<Stream>[] { CreateDocument, CreateWorkbook, CreatePresentation })
        {
            using var stream = new MemoryStream();
            create(stream);
            OfficeExtraction.Run(new DocumentRequest(stream.ToArray(), TimeSpan.FromSeconds(60), 1000), new FrameWriter(Stream.Null));
        }
    }

    private static void CreateDocument(Stream stream)
    {
        using var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document);
        document.AddMainDocumentPart().Document = new Word.Document(new Word.Body(new Word.Paragraph(new Word.Run(new Word.Text("Sample")))));
    }

    private static void CreateWorkbook(Stream stream)
    {
        using var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook);
        var workbook = document.AddWorkbookPart();
        workbook.AddNewPart<WorksheetPart>(Relationship).Worksheet = new Worksheet(new SheetData(new Row(
            new Cell { CellReference = "A1", DataType = CellValues.SharedString, CellValue = new CellValue("0") },
            new Cell { CellReference = "B1", StyleIndex = 0, CellValue = new CellValue("45358.5") })));
        workbook.AddNewPart<SharedStringTablePart>().SharedStringTable = new SharedStringTable(new SharedStringItem(new DocumentFormat.OpenXml.Spreadsheet.Text("Sample")));
        workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = new Stylesheet(
            new NumberingFormats(new NumberingFormat { NumberFormatId = 170, FormatCode = "d\\ mmm" }), new CellFormats(new CellFormat { NumberFormatId = 170 }));
        workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = Relationship, SheetId = 1, Name = "Sample" }));
    }

    private static void CreatePresentation(Stream stream)
    {
        using var document = PresentationDocument.Create(stream, PresentationDocumentType.Presentation);
        var presentation = document.AddPresentationPart();
        presentation.AddNewPart<SlidePart>(Relationship).Slide = new Slide(new CommonSlideData(new ShapeTree()));
        presentation.Presentation = new Presentation(new SlideIdList(new SlideId { Id = 256, RelationshipId = Relationship }));
    }
}
