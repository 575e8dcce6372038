using System.Globalization;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>What the styles of a document say about text.</summary>
internal sealed class WordStyles
{
    private const int MaxDepth = 20;

    /// <summary>Of a part that has none.</summary>
    public static readonly WordStyles None = new();

    private readonly Dictionary<string, (RunProperties Properties, (string? List, int? Level) Number, string? Base)> _styles = new(StringComparer.Ordinal);

    /// <summary>Of paragraphs that name no style.</summary>
    public RunProperties Paragraph { get; private set; } = RunProperties.None;

    public static WordStyles Read(OfficePackage package)
    {
        var styles = new WordStyles();
        if (package.Related(package.Main, "styles") is not { } part)
            return styles;
        using var xml = package.Open(part);
        string? usual = null;
        while (xml.Read())
        {
            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "style" } || xml.Value("styleId") is not { } id)
                continue;
            if (xml.Value("type") is "paragraph" && xml.Has("default"))
                usual = id;
            styles.Add(id, xml);
        }

        styles.Paragraph = styles.Of(usual);
        return styles;
    }

    /// <summary>The properties of a style, with those of the styles that it is based on.</summary>
    public RunProperties Of(string? style)
    {
        var properties = RunProperties.None;
        for (var depth = 0; depth < MaxDepth && style is not null && _styles.TryGetValue(style, out var found); depth++)
        {
            properties = properties.Over(found.Properties);
            style = found.Base;
        }

        return properties;
    }

    /// <summary>The list that a style puts paragraphs in, and the level in it.</summary>
    public (string? List, int? Level) NumberOf(string? style)
    {
        (string? List, int? Level) number = default;
        for (var depth = 0; depth < MaxDepth && style is not null && _styles.TryGetValue(style, out var found); depth++)
        {
            number = (number.List ?? found.Number.List, number.Level ?? found.Number.Level);
            style = found.Base;
        }

        return number;
    }

    /// <summary>Reads the element with the list and the level of a paragraph or a style, and leaves the reader at its end.</summary>
    public static (string? List, int? Level) ReadNumber(XmlReader xml)
    {
        (string? List, int? Level) number = default;
        foreach (var name in xml.Children())
        {
            if (name == "numId")
                number.List = xml.Value();
            else if (name == "ilvl" && int.TryParse(xml.Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var level))
                number.Level = level;
        }

        return number;
    }

    /// <summary>The properties of a run, with those of the style that it names.</summary>
    public RunProperties Resolve(RunProperties run) => run.Style is null ? run : run.Over(Of(run.Style));

    private void Add(string id, XmlReader xml)
    {
        var properties = RunProperties.None;
        (string? List, int? Level) number = default;
        string? basis = null;
        foreach (var name in xml.Children())
        {
            if (name == "basedOn")
                basis = xml.Value();
            else if (name == "rPr")
                properties = RunProperties.Read(xml);
            if (name != "pPr")
                continue;
            foreach (var property in xml.Children())
            {
                if (property == "numPr")
                    number = ReadNumber(xml);
            }
        }

        _styles[id] = (properties, number, basis);
    }
}
