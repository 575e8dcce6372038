using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FuncChat.Tests.Web.OpenApi.Generation;

/// <summary>The XML documentation of the product's assemblies, as plain text.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members = Directory.EnumerateFiles(AppContext.BaseDirectory, "FuncChat.*.xml")
        .SelectMany(file => XDocument.Load(file).Descendants("member"))
        .DistinctBy(member => member.Attribute("name")!.Value, StringComparer.Ordinal)
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public string? Of(Type type) => TextOf(Find($"T:{NameOf(type)}")?.Element("summary"));

    /// <summary>The summary of a property, or the text of the record's parameter that declares it.</summary>
    public string? Of(MemberInfo property)
    {
        var record = NameOf(property.DeclaringType!);
        return TextOf(Find($"P:{record}.{property.Name}")?.Element("summary"))
            ?? TextOf(Find($"T:{record}")?.Elements("param").FirstOrDefault(param => param.Attribute("name")!.Value == property.Name));
    }

    private XElement? Find(string name) => _members.GetValueOrDefault(name);

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string? TextOf(XElement? element)
    {
        if (element is null)
            return null;
        var parts = element.Nodes().Select(node => node is XElement { Name.LocalName: "see" or "paramref" } link ? $"`{LinkText(link)}`" : NodeText(node));
        return Whitespace().Replace(string.Concat(parts), " ").Trim();
    }

    // A property is a field of the JSON.
    private static string LinkText(XElement link)
    {
        var target = link.Attributes().First().Value;
        var name = target.Split('.', ':')[^1];
        return target.StartsWith("P:", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name) : name;
    }

    private static string NodeText(XNode node) => node is XElement element ? element.Value : ((XText)node).Value;

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whitespace();
}
