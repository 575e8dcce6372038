using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>Text that its style raises or lowers, as `sup` and `sub` do. It is put into such an element, since the extraction of the article drops styles.</summary>
internal static class RaisedElement
{
    // Of exponents, indices and notes.
    private const int MaxText = 100;

    private static readonly HashSet<string> Inline = new(StringComparer.Ordinal)
    {
        "a", "abbr", "b", "big", "cite", "code", "data", "del", "em", "font", "i", "ins", "label", "mark", "s", "small", "span", "strike", "strong", "time", "tt", "u", "var",
    };

    /// <param name="shift">Positive for text above its line, negative for text below.</param>
    public static void Mark(IElement element, int shift)
    {
        var left = MaxText;
        if (!Inline.Contains(element.LocalName) || !IsPhrase(element, ref left) || left == MaxText || element.TextContent.AsSpan().Trim() is not { IsEmpty: false } text || text.Contains(' ') || IsMarked(element))
            return;
        var raised = element.Owner!.CreateElement(shift > 0 ? "sup" : "sub");
        while (element.FirstChild is { } child)
            raised.AppendChild(child);
        element.AppendChild(raised);
    }

    /// <summary>Marks text whose class, of a style sheet that is not read, names what it does.</summary>
    public static void MarkClasses(IElement body)
    {
        foreach (var element in body.QuerySelectorAll("span.superscript, span.subscript").ToList())
            Mark(element, element.Matches(".superscript") ? 1 : -1);
    }

    private static bool IsMarked(IElement element) =>
        element.Closest("sup, sub") is not null
        || element.QuerySelector("sup, sub") is { } inner && inner.TextContent.AsSpan().Trim().Length == element.TextContent.AsSpan().Trim().Length;

    private static bool IsPhrase(INode node, ref int left)
    {
        foreach (var child in node.ChildNodes)
        {
            left -= child is IText text ? text.Data.Length : 1;
            if (left < 0 || child is IElement { LocalName: not ("sup" or "sub") } element && !Inline.Contains(element.LocalName) || !IsPhrase(child, ref left))
                return false;
        }

        return true;
    }
}
