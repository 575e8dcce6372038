using System.Diagnostics;

namespace FuncChat.Sandbox.Documents;

/// <summary>Sends the text of a document, workbook or presentation, until it ends or a limit is reached.</summary>
internal static class OfficeExtraction
{
    /// <summary>Of one part, before it is cleaned: what follows would not fit in memory or in the output.</summary>
    public const int MaxCharacters = 2_000_000;

    public static void Run(SandboxRequest request, FrameWriter frames)
    {
        var time = Stopwatch.StartNew();
        try
        {
            using var package = new OfficePackage(request.Content);
            frames.Write(SandboxProtocol.PageCount, "0");
            var left = request.OutputLimit;
            foreach (var text in Read(package))
            {
                var cleaned = ExtractedText.Clean(text);
                var isCut = cleaned.Length > left || text.Length >= MaxCharacters || time.Elapsed > request.Timeout;
                frames.Write(SandboxProtocol.Page, ExtractedText.Cut(cleaned, left));
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
        catch (Exception exception) when (exception is not IOException || exception is EndOfStreamException)
        {
            // A damaged document causes exceptions of many types.
            frames.Write(SandboxProtocol.Error);
        }
    }

    // The type is what the main part is, whatever the name of the part.
    private static IEnumerable<string> Read(OfficePackage package)
    {
        using var xml = package.Open(package.Main);
        xml.MoveToContent();
        return xml.LocalName switch
        {
            "document" => WordText.Read(package),
            "workbook" => SheetText.Read(package),
            "presentation" => SlideText.Read(package),
            _ => throw new InvalidDataException("The main part is none of a document, workbook or presentation."),
        };
    }
}
