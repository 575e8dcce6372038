using System.Diagnostics;
using System.IO.Packaging;
using DocumentFormat.OpenXml.Packaging;

namespace FuncChat.Sandbox.Documents;

/// <summary>Sends the text of a document, workbook or presentation, until it ends or a limit is reached.</summary>
internal static class OfficeExtraction
{
    private static readonly OpenSettings Settings = new() { AutoSave = false };

    public static void Run(DocumentRequest request, FrameWriter frames)
    {
        var time = Stopwatch.StartNew();
        try
        {
            // Writable, since the library would otherwise copy it to a temporary file. Nothing is saved.
            using var stream = new MemoryStream();
            stream.Write(request.Document);
            frames.Write(SandboxProtocol.PageCount, "0");
            var left = request.OutputLimit;
            foreach (var text in Read(request.Document, stream))
            {
                var cleaned = PdfPageText.Clean(text);
                var isCut = cleaned.Length > left || time.Elapsed > request.Timeout;
                frames.Write(SandboxProtocol.Page, PdfPageText.Cut(cleaned, left));
                left -= Math.Min(cleaned.Length, left);
                if (!isCut)
                    continue;
                frames.Write(SandboxProtocol.Truncated);
                break;
            }

            frames.Write(SandboxProtocol.End);
        }
        catch (OutOfMemoryException)
        {
            frames.Write(SandboxProtocol.OutOfMemory);
        }
        catch (Exception exception) when (exception is not IOException || exception is FileFormatException)
        {
            // The library reports a damaged document by exceptions of many types.
            frames.Write(SandboxProtocol.Error);
        }
    }

    // By the names of the parts, which are not compressed: the type is what the content is.
    private static IEnumerable<string> Read(byte[] document, Stream stream)
    {
        using var package = Package.Open(stream, FileMode.Open, FileAccess.ReadWrite);
        OfficeRelationships.RemoveDangling(package);
        if (document.AsSpan().IndexOf("word/document.xml"u8) >= 0)
        {
            using var word = WordprocessingDocument.Open(package, Settings);
            foreach (var text in WordText.Read(word))
                yield return text;
        }
        else if (document.AsSpan().IndexOf("xl/workbook.xml"u8) >= 0)
        {
            using var workbook = SpreadsheetDocument.Open(package, Settings);
            foreach (var text in SheetText.Read(workbook))
                yield return text;
        }
        else
        {
            using var slides = PresentationDocument.Open(package, Settings);
            foreach (var text in SlideText.Read(slides))
                yield return text;
        }
    }
}
