using System.Globalization;
using System.Text;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>The values of a workbook, sheet by sheet: a line for each row, its cells separated by tabs. Formulas appear as their results.</summary>
internal sealed class SheetText
{
    public const int MaxColumns = 1000;

    private readonly List<string> _strings;
    private readonly SheetStyles _styles;
    private readonly HashSet<int> _hiddenColumns = [];
    private readonly StringBuilder _text = new();
    private bool _hasHidden;
    private bool _isCut;

    private SheetText(List<string> strings, SheetStyles styles)
    {
        _strings = strings;
        _styles = styles;
    }

    public static IEnumerable<string> Read(OfficePackage package)
    {
        var strings = StringsOf(package);
        var (sheets, is1904) = SheetsOf(package);
        var styles = new SheetStyles(package, is1904);
        foreach (var (name, part, isHidden) in sheets)
            yield return $"--- Sheet {name}{(isHidden ? " (hidden)" : "")} ---\n\n{new SheetText(strings, styles).RowsOf(package, part)}";
    }

    private static (List<(string Name, string Part, bool IsHidden)> Sheets, bool Is1904) SheetsOf(OfficePackage package)
    {
        var parts = package.RelatedById(package.Main);
        var sheets = new List<(string, string, bool)>();
        var is1904 = false;
        using var xml = package.Open(package.Main);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "workbookPr" })
                is1904 = xml.Has("date1904");
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "sheet" } && parts.TryGetValue(xml.RelationshipId() ?? "", out var part))
                sheets.Add((xml.GetAttribute("name") ?? "", part, xml.GetAttribute("state") is not (null or "visible")));
        }

        return (sheets, is1904);
    }

    private static List<string> StringsOf(OfficePackage package)
    {
        var strings = new List<string>();
        if (package.Related(package.Main, "sharedStrings") is not { } part)
            return strings;
        using var xml = package.Open(part);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "si" })
                strings.Add(RichText(xml));
        }

        return strings;
    }

    private string RowsOf(OfficePackage package, string part)
    {
        using var xml = package.Open(part);
        while (_text.Length < OfficeExtraction.MaxCharacters && xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "col" } && xml.Has("hidden"))
                HideColumns(xml);
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "row" })
                AddRow(xml);
        }

        if (_isCut)
            _text.Append(CultureInfo.InvariantCulture, $"\n[Only the first {MaxColumns:N0} columns of the sheet are shown.]\n");
        if (_hasHidden)
            _text.Append("\n[The hidden rows and columns of the sheet are left out.]\n");
        return _text.ToString();
    }

    private void HideColumns(XmlReader xml)
    {
        if (int.TryParse(xml.GetAttribute("min"), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(xml.GetAttribute("max"), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
        {
            _hiddenColumns.UnionWith(Enumerable.Range(0, MaxColumns).Where(column => column >= first - 1 && column < last));
        }
    }

    private void AddRow(XmlReader xml)
    {
        var isHidden = xml.Has("hidden");
        var (next, written) = (0, 0);
        foreach (var element in xml.Children())
        {
            if (element != "c")
                continue;
            var column = ColumnOf(xml.GetAttribute("r")) ?? next;
            next = column + 1;
            var value = ValueOf(xml);
            if (value.Length == 0)
                continue;
            if (isHidden || _hiddenColumns.Contains(column))
            {
                _hasHidden = true;
            }
            else if (column >= MaxColumns)
            {
                _isCut = true;
            }
            else
            {
                _text.Append('\t', Math.Max(0, column - written)).Append(value);
                written = column;
            }
        }

        if (!isHidden)
            _text.Append('\n');
    }

    private string ValueOf(XmlReader cell)
    {
        var (type, style) = (cell.GetAttribute("t"), cell.GetAttribute("s"));
        string? value = null, formula = null;
        var text = "";
        foreach (var element in cell.Children())
        {
            if (element == "v")
                value = cell.Text();
            else if (element == "f")
                formula = cell.Text();
            else if (element == "is")
                text = RichText(cell);
        }

        if (formula is not null && (value is null || (value.Length == 0 && type is not "str")))
            return formula.Length == 0 ? "[a formula without a stored result]" : OneLine($"[={formula}, without a stored result]");
        return _styles.Style(
            type switch
            {
                "s" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _strings.Count ? OneLine(_strings[index]) : "",
                "inlineStr" => OneLine(text),
                "b" => value == "1" ? "TRUE" : "FALSE",
                null or "n" => _styles.Format(value ?? "", style),
                _ => OneLine(Unescape(value ?? "")),
            },
            style);
    }

    // Pieces of text with properties of their own, without phonetic hints.
    private static string RichText(XmlReader xml)
    {
        var text = new StyledText();
        foreach (var element in xml.Children())
        {
            if (element == "t")
            {
                text.Append(Unescape(xml.Text()), RunProperties.None);
            }
            else if (element == "r")
            {
                var run = RunProperties.None;
                foreach (var piece in xml.Children())
                {
                    if (piece == "rPr")
                        run = RunProperties.Read(xml);
                    else if (piece == "t")
                        text.Append(SymbolText.In(Unescape(xml.Text()), run.Font), run);
                }
            }
        }

        return text.ToString();
    }

    // Characters that XML does not allow are written as _x000D_.
    private static string Unescape(string text) => text.Contains("_x", StringComparison.Ordinal) ? XmlConvert.DecodeName(text) : text;

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
