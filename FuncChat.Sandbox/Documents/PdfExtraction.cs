using System.Diagnostics;
using System.Globalization;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using UglyToad.PdfPig.Exceptions;

namespace FuncChat.Sandbox.Documents;

/// <summary>Sends the text of a PDF, page by page, until it ends or a limit is reached.</summary>
internal static class PdfExtraction
{
    private static readonly ParsingOptions Options = new() { UseLenientParsing = true, SkipMissingFonts = true };

    public static void Run(SandboxRequest request, FrameWriter frames)
    {
        var time = Stopwatch.StartNew();
        try
        {
            using var document = PdfDocument.Open(request.Content, Options);
            frames.Write(SandboxProtocol.PageCount, document.NumberOfPages.ToString(CultureInfo.InvariantCulture));
            frames.Write(SandboxProtocol.Title, ExtractedText.Clean(document.Information.Title));
            SendPages(document, request, time, frames);
            frames.Write(SandboxProtocol.End);
        }
        catch (OutOfMemoryException)
        {
            frames.Write(SandboxProtocol.OutOfMemory);
        }
        catch (PdfDocumentEncryptedException)
        {
            frames.Write(SandboxProtocol.Locked);
        }
        catch (Exception exception) when (exception is not IOException)
        {
            // The library reports a damaged document by exceptions of many types.
            frames.Write(SandboxProtocol.Error);
        }
    }

    private static void SendPages(PdfDocument document, SandboxRequest request, Stopwatch time, FrameWriter frames)
    {
        var left = request.OutputLimit;
        var form = PdfFormText.Read(document);
        for (var number = 1; number <= document.NumberOfPages; number++)
        {
            if (left <= 0 || time.Elapsed > request.Timeout)
            {
                frames.Write(SandboxProtocol.Truncated);
                return;
            }

            if (TryRead(document, form, number) is not { } text)
            {
                frames.Write(SandboxProtocol.PageFailed);
                continue;
            }

            frames.Write(SandboxProtocol.Page, ExtractedText.Cut(text, left));
            if (text.Length > left)
            {
                frames.Write(SandboxProtocol.Truncated);
                return;
            }

            left -= text.Length;
        }
    }

    // One damaged page does not make the others unreadable.
    private static string? TryRead(PdfDocument document, PdfFormText form, int number)
    {
        try
        {
            var page = document.GetPage(number);
            return ExtractedText.Clean(PdfStyledText.Of(ContentOrderTextExtractor.GetText(page, addDoubleNewline: true), page) + form.OfPage(number));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }
}
