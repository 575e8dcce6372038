using System.Globalization;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

internal enum TextPosition
{
    Line,
    Raised,
    Lowered,
}

/// <summary>What the properties of a run say about its text; null where they say nothing.</summary>
internal sealed record RunProperties(bool? IsHidden = null, bool? IsStruck = null, TextPosition? Position = null, string? Font = null, string? Style = null)
{
    public static readonly RunProperties None = new();

    /// <summary>These properties, and those of a style where these say nothing.</summary>
    public RunProperties Over(RunProperties style) =>
        this == None ? style : new(IsHidden ?? style.IsHidden, IsStruck ?? style.IsStruck, Position ?? style.Position, Font ?? style.Font, Style ?? style.Style);

    /// <summary>Reads the element of the properties in a document, a workbook or a slide, and leaves the reader at its end. What they were before a tracked change is left out.</summary>
    public static RunProperties Read(XmlReader xml)
    {
        // On slides they are attributes; the offset is a percentage.
        TextPosition? position = double.TryParse(xml.GetAttribute("baseline")?.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var offset)
            ? offset > 0 ? TextPosition.Raised : offset < 0 ? TextPosition.Lowered : TextPosition.Line
            : null;
        bool? isHidden = null, isStruck = xml.GetAttribute("strike") is { } strike ? strike != "noStrike" : null;
        string? font = null, style = null;
        foreach (var name in xml.Children())
        {
            switch (name)
            {
                case "vanish":
                    isHidden = xml.IsOn();
                    break;
                case "strike" or "dstrike":
                    isStruck = xml.IsOn() || isStruck == true;
                    break;
                case "vertAlign":
                    position = xml.Value() switch { "superscript" => TextPosition.Raised, "subscript" => TextPosition.Lowered, _ => TextPosition.Line };
                    break;
                case "rStyle":
                    style = xml.Value();
                    break;
                case "rFonts":
                    font = xml.Value("ascii") ?? xml.Value("hAnsi");
                    break;
                case "sym" or "latin":
                    font = xml.GetAttribute("typeface") ?? font;
                    break;
            }
        }

        return new RunProperties(isHidden, isStruck, position, font, style);
    }
}
