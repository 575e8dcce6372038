using AngleSharp.Dom;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Writes a document as Markdown for a model: headings, lists, links, tables, code, raised text and descriptions of images keep their meaning, everything
/// else is text. Recursive, since <see cref="HtmlDocuments"/> limits the depth.
/// </summary>
internal sealed class MarkdownWriter
{
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "script", "style", "template", "head", "iframe", "svg", "canvas", "object", "embed", "audio", "video", "select", "datalist", "rp", "annotation", "annotation-xml",
    };

    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
        "form", "header", "hr", "main", "nav", "ol", "p", "section", "summary", "table", "ul",
    };

    private const int MaxAlt = 500;

    private readonly Uri? _baseUrl;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _plain;
    private readonly MarkdownText _text = new();
    private readonly Stack<ListNumbering> _lists = new();
    private readonly Stack<TableColumns> _tables = new();
    private readonly TableColumns.Budget _repeated = new();
    private bool _isStruck;
    private bool _isWithinStruck;

    private MarkdownWriter(Uri? baseUrl, bool plain, CancellationToken cancellationToken)
    {
        _plain = plain;
        _baseUrl = baseUrl;
        _cancellationToken = cancellationToken;
    }

    /// <param name="baseUrl">The address that relative links are resolved against; null to write these as text.</param>
    public static string Write(INode? node, Uri? baseUrl, CancellationToken cancellationToken)
    {
        var writer = new MarkdownWriter(baseUrl, plain: false, cancellationToken);
        if (node is not null)
            writer.WriteChildren(node);
        return writer._text.ToString();
    }

    private void WriteChildren(INode node)
    {
        var wasStruck = _isStruck;
        _isStruck = (_isStruck && !StruckText.IsApart(node)) || (!_isWithinStruck && StruckText.IsMarked(node));
        if (_isStruck && !StruckText.HasBlocks(node))
        {
            Strike(node);
            _isStruck = wasStruck;
            return;
        }

        // By index: NextSibling and Children search the list each time.
        var children = node.ChildNodes;
        var order = node is IElement { LocalName: "table" } table ? TableParts.InOrder(table) : null;
        for (var i = 0; i < children.Length && !_text.IsFull; i++)
            Write(order is null ? children[i] : order[i]);
        _isStruck = wasStruck;
    }

    private void Write(INode node)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (node is IText && _isStruck)
            Strike(node);
        else if (node is IText text)
            WriteText(WithoutSoftHyphens(text.Data));
        else if (node is IElement element && !Skipped.Contains(element.LocalName))
            Write(element);
    }

    private void WriteText(string text)
    {
        if (!text.Contains(PreformattedText.LineBreak, StringComparison.Ordinal))
        {
            _text.AppendFlowing(text);
            return;
        }

        var lines = text.Split(PreformattedText.LineBreak);
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
                _text.Break(i + 1 < lines.Length && string.IsNullOrWhiteSpace(lines[i]) ? 2 : 1);
            _text.AppendFlowing(lines[i]);
        }
    }

    private static string WithoutSoftHyphens(string text) => text.Replace("\u00AD", "", StringComparison.Ordinal);

    private void Write(IElement element)
    {
        switch (element.LocalName)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                WriteMarked(element, new string('#', element.LocalName[1] - '0') + " ", breaks: 2);
                break;
            case "li":
                WriteMarked(element, MarkOf(element), breaks: 1);
                break;
            case "ol":
                _lists.Push(new ListNumbering(element));
                WriteBlock(element, element.ParentElement?.LocalName is "li" ? 1 : 2);
                _lists.Pop();
                break;
            case "a":
                WriteLink(element);
                break;
            case "br":
                _text.Break(1);
                break;
            case "table" or "thead" or "tbody" or "tfoot":
                _tables.Push(new TableColumns(_repeated, TableParts.WidestRowOf(element)));
                WriteBlock(element, element.LocalName is "table" ? 2 : 0);
                _tables.Pop();
                break;
            case "tr":
                WriteRow(element, _tables.TryPeek(out var columns) ? columns : new TableColumns(_repeated, element.ChildElementCount));
                break;
            case "pre":
                _text.Break(2);
                _text.AppendVerbatim(CodeText.Fence(element));
                _text.Break(2);
                break;
            case "code" when !_plain && !string.IsNullOrWhiteSpace(element.TextContent):
                _text.AppendFlowing(CodeText.Inline(HtmlDocuments.OneLine(CodeText.Of(element))));
                break;
            case "sup" or "sub":
                WriteRaised(element);
                break;
            case "q":
                _text.AppendFlowing("“");
                WriteChildren(element);
                _text.AppendFlowing("”");
                break;
            case "rt":
                _text.AppendFlowing($"({HtmlDocuments.OneLine(element.TextContent)})");
                break;
            case "s" or "del" or "strike" when !_isWithinStruck:
                WriteStruck(element);
                break;
            case "img" or "area":
                WriteImage(element);
                break;
            case "input" when element.GetAttribute("type") is "checkbox" && element.ParentElement?.LocalName is "li":
                _text.AppendFlowing(element.HasAttribute("checked") ? "[x] " : "[ ] ");
                break;
            case "ul" when element.ParentElement?.LocalName is "li":
            case "math" when element.GetAttribute("display") is "block":
                WriteBlock(element, breaks: 1);
                break;
            case var name:
                WriteBlock(element, Blocks.Contains(name) ? 2 : 0);
                break;
        }
    }

    private void WriteBlock(IElement element, int breaks)
    {
        _text.Break(breaks);
        WriteChildren(element);
        _text.Break(breaks);
    }

    private void WriteMarked(IElement element, string mark, int breaks)
    {
        _text.Break(breaks);
        if (_plain)
        {
            WriteChildren(element);
        }
        else
        {
            var indent = breaks == 1 ? mark.Length : 0;
            _text.BeginMarked(mark, indent);
            WriteChildren(element);
            _text.EndMarked(indent);
        }

        _text.Break(breaks);
    }

    private string MarkOf(IElement item) =>
        item.ParentElement?.LocalName is "ol" && _lists.TryPeek(out var list) ? list.MarkOf(item) : "- ";

    private void WriteRow(IElement row, TableColumns columns)
    {
        var wasStruck = _isStruck;
        _isStruck |= !_isWithinStruck && StruckText.IsMarked(row);
        WriteCells(row, columns);
        _isStruck = wasStruck;
    }

    private void WriteCells(IElement row, TableColumns columns)
    {
        var cells = row.Children.Where(cell => !CodeText.IsGutter(cell)).ToList();
        var isNested = row.QuerySelector("table, pre") is not null;
        if (isNested || (cells.Count == 1 && !columns.IsSpanned))
        {
            if (isNested)
                columns.SkipRow();
            else if (cells[0].HasAttribute("rowspan"))
                columns.Place([(cells[0], Cell(cells[0]))]);
            if (!IsEmpty(row))
                cells.ForEach(cell => WriteBlock(cell, breaks: 1));
            return;
        }

        var texts = columns.Place(cells.Select(cell => (cell, Cell(cell))));
        if (IsEmpty(row))
            return;
        _text.Break(1);
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0)
                _text.Separate();
            _text.AppendFlowing(texts[i]);
        }

        _text.Break(1);
    }

    private static bool IsEmpty(IElement row) => string.IsNullOrWhiteSpace(row.TextContent) && row.QuerySelector("img[alt]") is null;

    // A cell stays on its line.
    private string Cell(IElement cell) => Inline(cell, _plain)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("\n\n", "\n", StringComparison.Ordinal)
        .Replace("\n", "<br>", StringComparison.Ordinal);

    private string Inline(INode node, bool plain, bool isWithinStruck = false)
    {
        var inner = new MarkdownWriter(_baseUrl, plain, _cancellationToken) { _isWithinStruck = isWithinStruck || _isWithinStruck, _isStruck = _isStruck && !isWithinStruck };
        inner.WriteChildren(node);
        return inner._text.ToString();
    }

    private void WriteStruck(IElement element)
    {
        if (!StruckText.HasApart(element))
        {
            Strike(element);
            return;
        }

        var wasStruck = _isStruck;
        _isStruck = true;
        WriteChildren(element);
        _isStruck = wasStruck;
    }

    private void Strike(INode node)
    {
        var whole = node.TextContent;
        var line = HtmlDocuments.OneLine(node is IText ? WithoutSoftHyphens(whole) : Inline(node, plain: true, isWithinStruck: true));
        if (line.Length > 0)
            line = $"~~{line}~~";
        // The spaces around it stay.
        if (whole.Length > 0 && char.IsWhiteSpace(whole[0]))
            line = $" {line}";
        if (whole.Length > 0 && char.IsWhiteSpace(whole[^1]))
            line = $"{line} ";
        _text.AppendFlowing(line);
    }

    private void WriteRaised(IElement element)
    {
        if (element.QuerySelector("a[href^='#'], a[href*='#cite'], a[href*='#fn']") is { } note && HtmlDocuments.OneLine(note.TextContent) is { Length: > 0 and <= 6 })
        {
            _text.AppendFlowing(string.Concat(element.TextContent.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(RaisedText.Reference)));
            return;
        }

        var text = HtmlDocuments.OneLine(Inline(element, plain: true));
        if (text.Length > 0)
            _text.AppendFlowing(element.LocalName == "sup" ? RaisedText.Superscript(text) : RaisedText.Subscript(text));
        if (element.TextContent is [.., var last] && char.IsWhiteSpace(last))
            _text.AppendFlowing(" ");
    }

    private void WriteImage(IElement image)
    {
        var alt = HtmlDocuments.OneLine(image.GetAttribute("alt") ?? "");
        if (alt.Length is 0 or > MaxAlt || image.GetAttribute("role") is "presentation" or "none" || _plain)
            return;
        _text.AppendFlowing($"[Image: {alt}]");
    }

    // A link may hold a whole card of blocks: its text becomes one line.
    private void WriteLink(IElement link)
    {
        var label = HtmlDocuments.OneLine(Inline(link, plain: true));
        if (label.Length == 0)
            label = HtmlDocuments.OneLine(link.QuerySelector("img[alt]")?.GetAttribute("alt") ?? "");
        if (label.Length == 0)
            return;
        // Cards in a row stay apart.
        var isCard = link.QuerySelector("h1, h2, h3, h4, h5, h6, p, div") is not null && !_plain;
        if (isCard)
            _text.Break(1);
        _text.AppendFlowing(TargetOf(link) is { } target ? $"[{label}]({target})" : label);
        if (isCard)
            _text.Break(1);
    }

    // Null for a link that leads nowhere else, or to an address that is too long to be read.
    private string? TargetOf(IElement link) =>
        link.GetAttribute("href")?.Trim() is { Length: > 0 and <= WebUrl.MaxLength } href && href[0] != '#'
        && (_baseUrl is null ? Uri.TryCreate(href, UriKind.Absolute, out var target) : Uri.TryCreate(_baseUrl, href, out target))
        && WebUrl.IsHttp(target) && target.AbsoluteUri is { Length: <= WebUrl.MaxLength } address
            ? address
            : null;
}
