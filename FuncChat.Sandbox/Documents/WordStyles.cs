using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>What the styles of a document say about text.</summary>
internal sealed class WordStyles
{
    private const int MaxDepth = 20;

    /// <summary>Of a part that has none.</summary>
    public static readonly WordStyles None = new();

    private readonly Dictionary<string, (RunProperties Properties, string? Base)> _styles = new(StringComparer.Ordinal);

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

    /// <summary>The properties of a run, with those of the style that it names.</summary>
    public RunProperties Resolve(RunProperties run) => run.Style is null ? run : run.Over(Of(run.Style));

    private void Add(string id, XmlReader xml)
    {
        var properties = RunProperties.None;
        string? basis = null;
        foreach (var name in xml.Children())
        {
            if (name == "basedOn")
                basis = xml.Value();
            else if (name == "rPr")
                properties = RunProperties.Read(xml);
        }

        _styles[id] = (properties, basis);
    }
}
