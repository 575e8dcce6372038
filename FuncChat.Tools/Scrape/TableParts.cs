using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>The groups of rows of a table.</summary>
internal static class TableParts
{
    /// <summary>The children of a table as a browser shows them: its first head before all rows and its first foot after them, wherever the markup has these.</summary>
    public static IReadOnlyList<INode>? InOrder(IElement table)
    {
        var head = FirstOf(table, "thead");
        var foot = FirstOf(table, "tfoot");
        return head is null && foot is null ? null : [.. table.ChildNodes.OrderBy(child =>
            child == foot ? 2 : child != head && child is not IElement { LocalName: "caption" or "colgroup" } ? 1 : 0)];
    }

    /// <summary>The number of cells in the widest row of a table or of the table of a group.</summary>
    public static int WidestRowOf(IElement part)
    {
        var table = part.LocalName is "table" || part.ParentElement is not { LocalName: "table" } parent ? part : parent;
        return AllRowsOf(table)
            .Select(row => row.ChildElementCount)
            .DefaultIfEmpty()
            .Max();
    }

    /// <summary>The rows of a table, and not those of tables within it.</summary>
    public static IEnumerable<IElement> AllRowsOf(IElement table) =>
        RowsOf(table).Concat(table.Children.Where(child => child.LocalName is "thead" or "tbody" or "tfoot").SelectMany(RowsOf));

    private static IEnumerable<IElement> RowsOf(IElement group) => group.Children.Where(child => child.LocalName is "tr");

    private static INode? FirstOf(IElement table, string name) => table.Children.FirstOrDefault(child => child.LocalName == name);
}
