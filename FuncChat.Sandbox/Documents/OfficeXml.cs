using System.Text;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>Reads elements of Office one after the other, without keeping them.</summary>
internal static class OfficeXml
{
    /// <summary>The names of an element's children, the reader being at each in turn. Leaves the reader at the end of the element, whatever was read of each child.</summary>
    public static IEnumerable<string> Children(this XmlReader xml)
    {
        if (xml.IsEmptyElement)
            yield break;
        var depth = xml.Depth;
        xml.Read();
        while (xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Element && xml.Depth == depth + 1)
                yield return xml.LocalName;
            // What the caller has left of the child.
            do
                xml.Read();
            while (xml.Depth > depth + 1);
        }
    }

    /// <summary>An attribute, with the prefix of its element or without one.</summary>
    public static string? Value(this XmlReader xml, string name = "val") => xml.GetAttribute(name, xml.NamespaceURI) ?? xml.GetAttribute(name);

    /// <summary>The id of the relationship that an element refers to a part with. The namespace depends on the edition of the standard.</summary>
    public static string? RelationshipId(this XmlReader xml, string name = "id")
    {
        string? id = null;
        while (xml.MoveToNextAttribute())
            id = xml.LocalName == name && xml.NamespaceURI.EndsWith("/relationships", StringComparison.Ordinal) ? xml.Value : id;
        xml.MoveToElement();
        return id;
    }

    /// <summary>Whether a property is on, as one without a value is.</summary>
    public static bool IsOn(this XmlReader xml, string name = "val") => xml.Value(name) is not ("0" or "false" or "off");

    /// <summary>Whether an attribute is there and on.</summary>
    public static bool Has(this XmlReader xml, string attribute) => xml.Value(attribute) is "1" or "true" or "on";

    /// <summary>The text of an element, leaving the reader at its end.</summary>
    public static string Text(this XmlReader xml)
    {
        var text = new StringBuilder();
        if (xml.IsEmptyElement)
            return "";
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
            text.Append(xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace ? xml.Value : "");
        return text.ToString();
    }
}
