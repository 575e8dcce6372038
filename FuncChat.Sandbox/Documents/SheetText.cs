using System.Globalization;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace FuncChat.Sandbox.Documents;

/// <summary>The values of a workbook, sheet by sheet: a line for each row, its cells separated by tabs. Formulas appear as their results.</summary>
internal static class SheetText
{
    private const int MaxColumns = 1000;

    public static IEnumerable<string> Read(SpreadsheetDocument document)
    {
        if (document.WorkbookPart is not { Workbook.Sheets: { } sheets } workbook)
            throw new FileFormatException("The workbook has no sheets.");
        var strings = StringsOf(workbook);
        var dates = new SheetDates(workbook);
        foreach (var sheet in sheets.Elements<Sheet>())
        {
            if (sheet.Id?.Value is not { } id || !workbook.TryGetPartById(id, out var related) || related is not WorksheetPart part)
                continue;
            var hidden = sheet.State?.Value is { } state && state != SheetStateValues.Visible ? " (hidden)" : "";
            yield return $"--- Sheet {sheet.Name}{hidden} ---\n\n{RowsOf(part, strings, dates)}";
        }
    }

    private static List<string> StringsOf(WorkbookPart workbook)
    {
        var strings = new List<string>();
        if (workbook.SharedStringTablePart is not { } part)
            return strings;
        using var xml = PartText.Open(part);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "si" })
                strings.Add(TextIn(xml));
        }

        return strings;
    }

    private static string RowsOf(WorksheetPart part, List<string> strings, SheetDates dates)
    {
        var text = new StringBuilder();
        using var xml = PartText.Open(part);
        var column = 0;
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "row" })
            {
                text.Append('\n');
                column = 0;
            }
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "c" })
            {
                var place = Math.Min(ColumnOf(xml.GetAttribute("r")) ?? column, MaxColumns);
                text.Append('\t', Math.Max(0, place - Math.Max(0, column - 1)));
                column = place + 1;
                text.Append(ValueOf(xml, strings, dates));
            }
        }

        return text.ToString();
    }

    private static string ValueOf(XmlReader cell, List<string> strings, SheetDates dates)
    {
        var type = cell.GetAttribute("t");
        var style = cell.GetAttribute("s");
        if (cell.IsEmptyElement)
            return "";
        var value = TextIn(cell, type == "inlineStr" ? "t" : "v");
        return type switch
        {
            "s" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < strings.Count ? OneLine(strings[index]) : "",
            "b" => value == "1" ? "TRUE" : "FALSE",
            null or "n" => dates.Format(value, style) ?? value,
            _ => OneLine(value),
        };
    }

    // The text of an element's own `t` or `v` elements; not of phonetic hints.
    private static string TextIn(XmlReader xml, string name = "t")
    {
        var text = new StringBuilder();
        if (xml.IsEmptyElement)
            return "";
        var depth = xml.Depth;
        var phonetic = -1;
        var isInside = false;
        while (xml.Read() && !(xml.NodeType is XmlNodeType.EndElement && xml.Depth == depth))
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element when xml.LocalName == "rPh":
                    phonetic = xml.Depth;
                    break;
                case XmlNodeType.EndElement when xml.LocalName == "rPh":
                    phonetic = -1;
                    break;
                case XmlNodeType.Element:
                    isInside = xml.LocalName == name && phonetic < 0 && !xml.IsEmptyElement;
                    break;
                case XmlNodeType.EndElement:
                    isInside = false;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when isInside:
                    text.Append(xml.Value);
                    break;
            }
        }

        return text.ToString();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');

    // "BC12" is column 54, from 0.
    private static int? ColumnOf(string? reference)
    {
        if (reference is null)
            return null;
        var column = 0;
        foreach (var letter in reference.TakeWhile(char.IsAsciiLetterUpper).Take(4))
            column = (column * 26) + letter - 'A' + 1;
        return column > 0 ? column - 1 : null;
    }
}
