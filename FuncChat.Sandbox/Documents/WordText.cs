using DocumentFormat.OpenXml.Packaging;

namespace FuncChat.Sandbox.Documents;

/// <summary>The text of a document of Word: the body, then footnotes and endnotes.</summary>
internal static class WordText
{
    public static IEnumerable<string> Read(WordprocessingDocument document)
    {
        if (document.MainDocumentPart is not { } main)
            throw new FileFormatException("The document has no body.");
        yield return PartText.Of(main);
        foreach (var notes in new OpenXmlPart?[] { main.FootnotesPart, main.EndnotesPart }.OfType<OpenXmlPart>())
        {
            if (PartText.Of(notes) is var text && !string.IsNullOrWhiteSpace(text))
                yield return $"--- Notes ---\n\n{text}";
        }
    }
}
