using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>Text that is struck by its style, such as an old price, and text within it that is not. The marks survive the extraction of the article, which drops styles and classes.</summary>
internal static class StruckText
{
    private const string Attribute = "data-struck";
    private const string Apart = "data-not-struck";
    private const string Blocks = $"[{Apart}], p, div, ul, ol, li, dl, dt, dd, table, tr, h1, h2, h3, h4, h5, h6, pre, blockquote, section, article, figure, hr";

    public static void Mark(IElement element) => element.SetAttribute(Attribute, "");

    /// <summary>Marks an element that a line through the text around it leaves out.</summary>
    public static void MarkApart(IElement element) => element.SetAttribute(Apart, "");

    /// <summary>Removes marks that the page brings along.</summary>
    public static void Clear(IParentNode document)
    {
        foreach (var element in document.QuerySelectorAll($"[{Attribute}], [{Apart}]"))
        {
            element.RemoveAttribute(Attribute);
            element.RemoveAttribute(Apart);
        }
    }

    public static bool IsMarked(INode node) => node is IElement element && element.HasAttribute(Attribute);

    public static bool IsApart(INode node) => node is IElement element && element.HasAttribute(Apart);

    public static bool HasApart(IElement element) => element.QuerySelector($"[{Apart}]") is not null;

    /// <summary>Whether the text is more than a part of a paragraph.</summary>
    public static bool HasBlocks(INode node) => node is IParentNode parent && parent.QuerySelector(Blocks) is not null;
}
