using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Presentation;

namespace FuncChat.Sandbox.Documents;

/// <summary>The text of a presentation, slide by slide, with the speaker's notes.</summary>
internal static class SlideText
{
    public static IEnumerable<string> Read(PresentationDocument document)
    {
        if (document.PresentationPart is not { Presentation.SlideIdList: { } list } presentation)
            throw new FileFormatException("The presentation has no slides.");
        var slides = list.Elements<SlideId>().Select(slide => slide.RelationshipId?.Value).OfType<string>()
            .Select(id => presentation.TryGetPartById(id, out var part) ? part : null).OfType<SlidePart>().ToList();
        foreach (var (index, slide) in slides.Index())
        {
            var notes = slide.NotesSlidePart is { } part && PartText.Of(part) is var text && !string.IsNullOrWhiteSpace(text) ? $"\n\nNotes:\n{text}" : "";
            yield return string.Create(CultureInfo.InvariantCulture, $"--- Slide {index + 1} of {slides.Count} ---\n\n{PartText.Of(slide)}{notes}");
        }
    }
}
