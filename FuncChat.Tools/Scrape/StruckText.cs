using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>Text that is struck by its style, such as an old price. The mark survives the extraction of the article, which drops styles and classes.</summary>
internal static class StruckText
{
    private const string Attribute = "data-struck";
    private const string Blocks = "p, div, ul, ol, li, dl, dt, dd, table, tr, h1, h2, h3, h4, h5, h6, pre, blockquote, section, article, figure, hr";

    public static void Mark(IElement element) => element.SetAttribute(Attribute, "");

    /// <summary>Removes marks that the page brings along.</summary>
    public static void Clear(IParentNode document)
    {
        foreach (var element in document.QuerySelectorAll($"[{Attribute}]"))
            element.RemoveAttribute(Attribute);
    }

    public static bool IsMarked(INode node) => node is IElement element && element.HasAttribute(Attribute);

    /// <summary>Whether the text is more than a part of a paragraph.</summary>
    public static bool HasBlocks(INode node) => node is IParentNode parent && parent.QuerySelector(Blocks) is not null;
}
