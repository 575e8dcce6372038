using System.Globalization;
using System.Text;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>
/// The text of a part with paragraphs: a body, notes, or a slide. Lines of paragraphs, cells separated by tabs. Hidden, deleted and moved text is left out, except
/// where it was moved to.
/// </summary>
internal sealed class PartText
{
    // Deleted and earlier content, the same content for older programs, instructions and settings.
    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal)
    {
        "del", "moveFrom", "Fallback", "delText", "instrText", "delInstrText", "fldData", "sdtPr", "tblPr", "tblGrid", "sectPr", "endParaRPr", "defRPr", "lstStyle", "tabLst",
    };

    private readonly OfficePackage _package;
    private readonly string _part;
    private readonly XmlReader _xml;
    private readonly WordStyles _styles;
    private readonly WordNumbering _numbering;
    private readonly NoteNumbers _notes;
    private readonly bool _isDiagram;
    private readonly StyledText _text = new();
    private readonly Stack<RunProperties> _paragraphs = new();
    private readonly Stack<RunProperties> _runs = new();
    private SlideNumbering _slideNumbering = new();
    private (int Level, string Type, int Start)? _slideNumber;
    private Dictionary<string, string>? _related;
    private string _guide = "";
    // The columns that each open cell takes beyond its own.
    private readonly Stack<int> _cells = new();

    private PartText(OfficePackage package, string part, XmlReader xml, WordStyles styles, WordNumbering numbering, NoteNumbers notes, bool isDiagram)
    {
        _isDiagram = isDiagram;
        _package = package;
        _part = part;
        _xml = xml;
        _styles = styles;
        _numbering = numbering;
        _notes = notes;
    }

    public static string Of(OfficePackage package, string part, WordStyles styles, WordNumbering numbering, NoteNumbers notes, bool isDiagram = false)
    {
        using var xml = package.Open(part);
        return new PartText(package, part, xml, styles, numbering, notes, isDiagram).Read();
    }

    private string Read()
    {
        _xml.Read();
        while (!_xml.EOF && _text.Length < OfficeExtraction.MaxCharacters)
        {
            if (_xml.NodeType is XmlNodeType.Element && (LeftOut.Contains(_xml.LocalName) || NoteNumbers.IsSeparator(_xml)))
            {
                _xml.Skip();
                continue;
            }

            if (_xml.NodeType is XmlNodeType.Element)
            {
                var (name, isEmpty) = (_xml.LocalName, _xml.IsEmptyElement);
                Start(name);
                if (isEmpty)
                    End(name);
            }
            else if (_xml.NodeType is XmlNodeType.EndElement)
            {
                End(_xml.LocalName);
            }

            _xml.Read();
        }

        return _text.ToString();
    }

    private void Start(string name)
    {
        switch (name)
        {
            case "p":
                _paragraphs.Push(_styles.Paragraph);
                break;
            case "txBody":
                _slideNumbering = new();
                break;
            case "pPr" when _paragraphs.Count > 0:
                ReadParagraphProperties();
                break;
            case "r":
                _runs.Push(Paragraph);
                break;
            case "rPr" when _runs.TryPop(out _):
                _runs.Push(_styles.Resolve(RunProperties.Read(_xml)).Over(Paragraph));
                break;
            case "rPr":
                RunProperties.Read(_xml);
                break;
            case "tc":
                _cells.Push(0);
                break;
            case "gridSpan" when _cells.TryPop(out _):
                _cells.Push(Math.Max(0, Columns() - 1));
                break;
            case "gridBefore":
                _text.AppendPlain(new string('\t', Columns()));
                break;
            case "cNvPr" when _xml.Has("hidden"):
                SkipTo(_xml.Depth - 2);
                break;
            case "docPr" when _xml.Has("hidden"):
                SkipTo(_xml.Depth - 1);
                break;
            case "rt":
                _guide = GuideText();
                break;
            case "oMath":
                Append(OfficeMath.Of(_xml));
                break;
            case "chart" when Run.IsHidden != true && PartOf(_xml.RelationshipId()) is { } chart:
                _text.AppendPlain($"\n{ChartText.Of(_package, chart)}\n");
                break;
            // Of a diagram, whose paragraphs are in a part of their own.
            case "relIds" when !_isDiagram && Run.IsHidden != true && PartOf(_xml.RelationshipId("dm")) is { } diagram:
                _text.AppendPlain($"\n{Of(_package, diagram, _styles, _numbering, _notes, isDiagram: true)}");
                break;
            default:
                StartContent(name);
                break;
        }
    }

    // What a run holds.
    private void StartContent(string name)
    {
        switch (name)
        {
            // In a diagram, it is also the name of what holds paragraphs.
            case "t" when !_isDiagram || _runs.Count > 0:
                Append(SymbolText.In(_xml.Text(), Run.Font));
                break;
            case "tab" or "ptab":
                Append("\t");
                break;
            case "br" or "cr":
                Append(_cells.Count > 0 ? " " : "\n");
                break;
            case "noBreakHyphen":
                Append("\u2011");
                break;
            case "sym" when int.TryParse(_xml.Value("char"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                Append(SymbolText.Of(_xml.Value("font"), code));
                break;
            case "checkBox":
                Append(IsChecked() ? "☒" : "☐");
                break;
            case "footnoteReference" or "endnoteReference" when Run.IsHidden != true && !_xml.Has("customMarkFollows"):
                _text.AppendPlain(_notes.Reference(name, _xml.Value("id")));
                break;
            case "footnote" or "endnote":
                _text.AppendPlain(_notes.MarkOf(name, _xml.Value("id")));
                break;
        }
    }

    private void End(string name)
    {
        switch (name)
        {
            case "r":
                _runs.TryPop(out _);
                break;
            case "p":
                _paragraphs.TryPop(out _);
                _slideNumber = null;
                _text.AppendPlain(_cells.Count > 0 ? " " : "\n");
                break;
            case "tc":
                _text.AppendPlain(new string('\t', 1 + (_cells.TryPop(out var more) ? more : 0)));
                break;
            case "tr":
                _text.AppendPlain("\n");
                break;
            case "rubyBase" when _guide.Length > 0:
                Append($"({_guide})");
                _guide = "";
                break;
        }
    }

    private string? PartOf(string? relationship) => relationship is null ? null : (_related ??= _package.RelatedById(_part)).GetValueOrDefault(relationship);

    private RunProperties Paragraph => _paragraphs.TryPeek(out var paragraph) ? paragraph : RunProperties.None;

    private RunProperties Run => _runs.TryPeek(out var run) ? run : Paragraph;

    private void Append(string text)
    {
        if (Run.IsHidden == true || text.Length == 0)
            return;
        // Paragraphs without text have no number.
        if (_slideNumber is var (level, type, start))
            _text.AppendPlain(_slideNumbering.Next(level, type, start));
        _slideNumber = null;
        _text.Append(text, Run);
    }

    private void ReadParagraphProperties()
    {
        string? style = null;
        (string? List, int? Level) number = default;
        (string Type, int Start)? slideNumber = null;
        var level = SlideNumbering.Number(_xml.GetAttribute("lvl")) ?? 0;
        var isDeleted = false;
        foreach (var name in _xml.Children())
        {
            if (name == "pStyle")
                style = _xml.Value();
            else if (name == "numPr")
                number = WordStyles.ReadNumber(_xml);
            else if (name == "buAutoNum")
                slideNumber = SlideNumbering.Read(_xml);
            if (name != "rPr")
                continue;
            foreach (var property in _xml.Children())
                isDeleted |= property is "del" or "moveFrom";
        }

        if (slideNumber is var (type, start))
            _slideNumber = (level, type, start);
        else
            _slideNumbering.End(level);
        if (style is not null)
        {
            _paragraphs.Pop();
            _paragraphs.Push(_styles.Of(style));
            var usual = _styles.NumberOf(style);
            number = (number.List ?? usual.List, number.Level ?? usual.Level);
        }

        if (number.List is { } list && !isDeleted && Paragraph.IsHidden != true)
            _text.AppendPlain(_numbering.Next(list, number.Level ?? 0));
    }

    private int Columns() => int.TryParse(_xml.Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns <= SheetText.MaxColumns ? columns : 0;

    // The text above other text, which follows it in brackets.
    private string GuideText()
    {
        var guide = new StringBuilder();
        var depth = _xml.Depth;
        while (!_xml.IsEmptyElement && _xml.Read() && _xml.Depth > depth)
            guide.Append(_xml is { NodeType: XmlNodeType.Element, LocalName: "t" } ? _xml.Text() : "");
        return guide.ToString();
    }

    private bool IsChecked()
    {
        bool? byDefault = null, now = null;
        foreach (var name in _xml.Children())
        {
            if (name == "default")
                byDefault = _xml.IsOn();
            else if (name == "checked")
                now = _xml.IsOn();
        }

        return now ?? byDefault ?? false;
    }

    // Leaves the reader at the end of the element at a depth.
    private void SkipTo(int depth)
    {
        while (_xml.Depth > depth)
            _xml.Read();
    }
}
