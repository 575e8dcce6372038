using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Text whose lines count, outside of `pre`: code whose lines are rows of a table, and text whose style keeps its lines. Code is put into a `pre` element, and the
/// line breaks of other text become <see cref="LineBreak"/>, since the extraction of the article drops styles and classes.
/// </summary>
internal static class PreformattedText
{
    /// <summary>A line break that is shown: the line separator of Unicode.</summary>
    public const char LineBreak = '\u2028';

    // Each one is searched for among its siblings.
    private const int MaxBlocks = 1000;

    // Characters of possible code that are looked at.
    private const int MaxCode = 20_000_000;

    // Of GitHub, its gists, Gitea, and Highlight.js.
    private const string CodeCells = "td.blob-code, td.js-file-line, td.lines-code, td.hljs-ln-code";

    // What is more than code.
    private const string Rich = "a[href], img, table, h1, h2, h3, h4, h5, h6, p, ul, ol, dl, blockquote, pre, hr";

    public static void Show(IElement body, CancellationToken cancellationToken)
    {
        var blocks = 0;
        ShowTables(body, ref blocks, cancellationToken);
        var left = MaxCode;
        foreach (var element in body.QuerySelectorAll("[style*='white-space' i]").ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (keepsLines, isCode) = InlineStyle.LinesOf(element.GetAttribute("style")!);
            if (!keepsLines || element.LocalName is "pre" or "textarea" || Above(element, "pre") is not null)
                continue;
            if (blocks < MaxBlocks && left > 0 && CodeIn(element, isCode, ref left) is { } code)
                Replace(element, code, ref blocks);
            else
                KeepLines(element);
        }
    }

    private static string? CodeIn(IElement element, bool isCode, ref int left)
    {
        if (element.LocalName is not ("code" or "samp") && !(isCode && element.LocalName is "div" or "p" or "section" or "article" or "figure") || element.QuerySelector(Rich) is not null)
            return null;
        left -= element.TextContent.Length;
        return left > 0 && CodeText.Of(element) is var code && code.AsSpan().Trim().Contains('\n') ? code : null;
    }

    // Other elements with such a style are looked at for themselves.
    private static void KeepLines(INode node)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText text && text.Data.Contains('\n', StringComparison.Ordinal))
                text.Data = text.Data.Replace('\n', LineBreak);
            else if (child is IElement { LocalName: not ("pre" or "textarea" or "script" or "style") } element
                && element.GetAttribute("style")?.Contains("white-space", StringComparison.OrdinalIgnoreCase) != true)
            {
                KeepLines(element);
            }
        }
    }

    private static void ShowTables(IElement body, ref int blocks, CancellationToken cancellationToken)
    {
        var code = body.QuerySelectorAll(CodeCells).ToHashSet();
        var numbers = body.QuerySelectorAll("td[data-line-number], td [data-line-number]").Select(CellOf).OfType<IElement>()
            .Where(cell => cell.TextContent.All(letter => char.IsAsciiDigit(letter) || char.IsWhiteSpace(letter)))
            .ToHashSet();
        foreach (var table in code.Concat(numbers).Select(cell => Above(cell, "table")).OfType<IElement>().ToHashSet())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (blocks < MaxBlocks && Above(table, "pre") is null && table.QuerySelector("table") is null && LinesOf(table, code, numbers) is { } lines)
                Replace(table, lines, ref blocks);
        }
    }

    private static IElement? CellOf(IElement element) => element.LocalName is "td" ? element : Above(element, "td");

    private static IElement? Above(IElement element, string name)
    {
        for (var current = element.ParentElement; current is not null; current = current.ParentElement)
        {
            if (current.LocalName == name)
                return current;
        }

        return null;
    }

    /// <summary>Null for a table in which not each row is a line of code.</summary>
    private static string? LinesOf(IElement table, HashSet<IElement> code, HashSet<IElement> numbers)
    {
        var lines = new List<string>();
        foreach (var row in TableParts.AllRowsOf(table))
        {
            var cells = row.Children.Where(code.Contains).ToList();
            if (cells.Count == 0 && row.Children.Any(numbers.Contains))
            {
                cells = row.Children.Where(cell => !numbers.Contains(cell) && !string.IsNullOrWhiteSpace(cell.TextContent)).ToList();
                if (cells.Count > 1 || cells.Exists(cell => cell.QuerySelector(Rich) is not null))
                    return null;
                if (cells.Count == 0)
                    lines.Add("");
            }
            else if (cells.Count == 0 && !string.IsNullOrWhiteSpace(row.TextContent))
            {
                return null;
            }

            // A difference may have its two sides in one row.
            lines.AddRange(cells.Select(LineOf).Distinct(StringComparer.Ordinal));
        }

        return lines.TrueForAll(string.IsNullOrWhiteSpace) ? null : string.Join('\n', lines);
    }

    private static string LineOf(IElement cell)
    {
        var inner = cell.QuerySelector(".blob-code-inner") ?? cell;
        return (inner.GetAttribute("data-code-marker") ?? cell.GetAttribute("data-code-marker")) is [var mark] ? $"{mark}{CodeText.Of(inner)}" : CodeText.Of(inner);
    }

    private static void Replace(IElement element, string code, ref int blocks)
    {
        blocks++;
        var pre = element.Owner!.CreateElement("pre");
        pre.TextContent = code;
        element.Parent!.ReplaceChild(pre, element);
    }
}
