using System.Globalization;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>What the styles of a workbook's cells make of numbers, and whether they strike the value.</summary>
internal sealed class SheetStyles
{
    private readonly List<(SheetNumber Number, RunProperties Text)> _cells = [];
    private readonly bool _is1904;

    /// <param name="is1904">Whether the workbook counts days from 1904.</param>
    public SheetStyles(OfficePackage package, bool is1904)
    {
        _is1904 = is1904;
        if (package.Related(package.Main, "styles") is not { } part)
            return;
        var formats = new Dictionary<int, SheetNumber>();
        var fonts = new List<RunProperties>();
        using var xml = package.Open(part);
        xml.MoveToContent();
        foreach (var section in xml.Children())
        {
            if (section is not ("numFmts" or "fonts" or "cellXfs"))
                continue;
            foreach (var element in xml.Children())
            {
                if (element == "numFmt")
                    formats[Number(xml, "numFmtId")] = SheetNumber.Of(xml.GetAttribute("formatCode") ?? "");
                else if (element == "font")
                    fonts.Add(RunProperties.Read(xml));
                else if (element == "xf")
                    _cells.Add((FormatOf(Number(xml, "numFmtId")), fonts.ElementAtOrDefault(Number(xml, "fontId")) ?? RunProperties.None));
            }
        }

        SheetNumber FormatOf(int id) => formats.TryGetValue(id, out var own) ? own : SheetNumber.BuiltIn(id);
    }

    /// <summary>What a number means in a cell with a style: a date, a time, a duration, or a percentage; and else the number.</summary>
    public string Format(string value, string? style) =>
        IndexOf(style) is { } index && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? _cells[index].Number.Write(value, number, _is1904) : value;

    /// <summary>A value with what the style of its cell says about all of its text.</summary>
    public string Style(string value, string? style)
    {
        if (IndexOf(style) is not { } index || _cells[index].Text is not ({ IsStruck: true } or { Position: TextPosition.Raised or TextPosition.Lowered }))
            return value;
        var text = new StyledText();
        text.Append(value, _cells[index].Text);
        return text.ToString();
    }

    private int? IndexOf(string? style) => int.TryParse(style ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _cells.Count ? index : null;

    private static int Number(XmlReader xml, string name) => int.TryParse(xml.GetAttribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
