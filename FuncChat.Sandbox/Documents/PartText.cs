using System.Text;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;

namespace FuncChat.Sandbox.Documents;

/// <summary>The text of a part with paragraphs: a body, notes, or a slide. Parts are read as streams, which takes little memory.</summary>
internal static class PartText
{
    private const int MaxCharacters = 100_000_000;

    public static XmlReader Open(OpenXmlPart part) => XmlReader.Create(
        part.GetStream(FileMode.Open, FileAccess.Read),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true, MaxCharactersInDocument = MaxCharacters });

    /// <summary>Lines of paragraphs, cells separated by tabs. Hidden and deleted text is left out.</summary>
    public static string Of(OpenXmlPart part)
    {
        var text = new StringBuilder();
        using var xml = Open(part);
        int cells = 0;
        bool isHidden = false, isFallback = false;
        while (xml.Read())
        {
            if (xml.NodeType is XmlNodeType.EndElement)
            {
                End(xml.LocalName);
                continue;
            }

            if (xml.NodeType is not XmlNodeType.Element)
                continue;
            switch (xml.LocalName)
            {
                case "vanish" when xml.GetAttribute("val", xml.NamespaceURI) is not ("0" or "false" or "off"):
                    isHidden = true;
                    break;
                case "t" when !isHidden && !isFallback && !xml.IsEmptyElement:
                    text.Append(ReadText(xml));
                    break;
                case "tab" when !isHidden && !isFallback && !IsTabStop(xml):
                    text.Append('\t');
                    break;
                case "Fallback":
                    // The same text again, for older programs.
                    isFallback = !xml.IsEmptyElement;
                    break;
                case "br" or "cr":
                    text.Append('\n');
                    break;
                case "tc" when !xml.IsEmptyElement:
                    cells++;
                    break;
                case "p" when xml.IsEmptyElement:
                    End("p");
                    break;
            }
        }

        return text.ToString();

        void End(string name)
        {
            switch (name)
            {
                case "r":
                    isHidden = false;
                    break;
                case "p":
                    text.Append(cells > 0 ? ' ' : '\n');
                    isHidden = false;
                    break;
                case "tc":
                    cells--;
                    text.Append('\t');
                    break;
                case "Fallback":
                    isFallback = false;
                    break;
                case "tr":
                    text.Append('\n');
                    break;
            }
        }
    }

    // Leaves the reader at the end of the element: what follows it is read next.
    private static string ReadText(XmlReader xml)
    {
        var text = new StringBuilder();
        while (xml.Read() && xml.NodeType is not XmlNodeType.EndElement)
            text.Append(xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace ? xml.Value : "");
        return text.ToString();
    }

    // Stops have a position; a tab in the text has none.
    private static bool IsTabStop(XmlReader xml) => xml.HasAttributes;
}
