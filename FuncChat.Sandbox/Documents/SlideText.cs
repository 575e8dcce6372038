using System.Globalization;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>The text of a presentation, slide by slide, with the speaker's notes.</summary>
internal static class SlideText
{
    public static IEnumerable<string> Read(OfficePackage package)
    {
        var slides = SlidesOf(package);
        foreach (var (index, slide) in slides.Index())
        {
            var notes = package.Related(slide, "notesSlide") is { } part && TextOf(package, part) is var text && !string.IsNullOrWhiteSpace(text) ? $"\n\nNotes:\n{text}" : "";
            var hidden = IsHidden(package, slide) ? " (hidden)" : "";
            yield return string.Create(CultureInfo.InvariantCulture, $"--- Slide {index + 1} of {slides.Count}{hidden} ---\n\n{TextOf(package, slide)}{notes}");
        }
    }

    private static string TextOf(OfficePackage package, string part) => PartText.Of(package, part, WordStyles.None, WordNumbering.None, new NoteNumbers());

    private static List<string> SlidesOf(OfficePackage package)
    {
        var parts = package.RelatedById(package.Main);
        var slides = new List<string>();
        using var xml = package.Open(package.Main);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "sldId" } && parts.TryGetValue(xml.RelationshipId() ?? "", out var slide))
                slides.Add(slide);
        }

        return slides;
    }

    private static bool IsHidden(OfficePackage package, string slide)
    {
        using var xml = package.Open(slide);
        xml.MoveToContent();
        return !xml.IsOn("show");
    }
}
