using System.Globalization;
using System.Text;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>The title of a chart, those of its axes, and its values as they were last drawn (ECMA-376, part 1, chapter 21.2): a column for each series.</summary>
internal sealed class ChartText
{
    private const int MaxPoints = 1000;
    private const int MaxSeries = 100;

    // A chart, its plot area, and a kind of chart in that.
    private const int MaxDepth = 3;

    private readonly List<string> _titles = [];
    private readonly List<(string Name, Dictionary<int, string> Values)> _series = [];
    private Dictionary<int, string> _categories = [];

    public static string Of(OfficePackage package, string part)
    {
        using var xml = package.Open(part);
        xml.MoveToContent();
        var chart = new ChartText();
        chart.Read(xml, 0);
        return chart.Write();
    }

    private void Read(XmlReader xml, int depth)
    {
        foreach (var name in xml.Children())
        {
            if (depth < MaxDepth && (name is "chart" or "plotArea" || name.EndsWith("Chart", StringComparison.Ordinal) || name.EndsWith("Ax", StringComparison.Ordinal)))
                Read(xml, depth + 1);
            else if (name == "title")
                AddTitle(Points(xml, isTitle: true));
            else if (name == "ser" && _series.Count < MaxSeries)
                ReadSeries(xml);
        }
    }

    private void AddTitle(Dictionary<int, string> pieces)
    {
        if (string.Concat(pieces.Values).Trim() is { Length: > 0 } title)
            _titles.Add(title);
    }

    private void ReadSeries(XmlReader xml)
    {
        var (name, values) = ("", new Dictionary<int, string>());
        foreach (var child in xml.Children())
        {
            if (child == "tx")
                name = string.Join(' ', Points(xml).Values);
            else if (child is "cat" or "xVal" && Points(xml) is { Count: > 0 } points && points.Count > _categories.Count)
                _categories = points;
            else if (child is "val" or "yVal")
                values = Points(xml);
        }

        _series.Add((name, values));
    }

    // Values by their place, as their format shows them; or the pieces of a title.
    private static Dictionary<int, string> Points(XmlReader xml, bool isTitle = false)
    {
        var points = new Dictionary<int, string>();
        var format = SheetNumber.Of("");
        var (depth, at) = (xml.Depth, 0);
        while (!xml.IsEmptyElement && xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is not XmlNodeType.Element)
                continue;
            if (xml.LocalName == "formatCode")
                format = SheetNumber.Of(xml.Text());
            else if (xml.LocalName == "pt")
                at = int.TryParse(xml.GetAttribute("idx"), NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : MaxPoints;
            else if (xml.LocalName == "t" && isTitle)
                points[points.Count] = xml.Text();
            else if (xml.LocalName == "v" && xml.Text() is var text && at < MaxPoints)
                points.TryAdd(at, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? format.Write(text, number, is1904: false) : text);
        }

        return points;
    }

    private string Write()
    {
        var text = new StringBuilder($"[Chart{(_titles.Count > 0 ? $": {OneLine(string.Join("; ", _titles))}" : "")}]\n");
        if (_series.Exists(series => series.Name.Length > 0))
            AddRow("", series => series.Name);
        var rows = _series.SelectMany(series => series.Values.Keys).DefaultIfEmpty(-1).Max() + 1;
        for (var row = 0; row < rows; row++)
            AddRow(_categories.GetValueOrDefault(row, ""), series => series.Values.GetValueOrDefault(row, ""));
        return text.ToString();

        void AddRow(string category, Func<(string Name, Dictionary<int, string> Values), string> cell)
        {
            text.Append(OneLine(category));
            foreach (var series in _series)
                text.Append('\t').Append(OneLine(cell(series)));
            text.Append('\n');
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
