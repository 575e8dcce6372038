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
        // By index: NextSibling and Children search the list each time.
        var children = node.ChildNodes;
        for (var i = 0; i < children.Length && !_text.IsFull; i++)
            Write(children[i]);
    }

    private void Write(INode node)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (node is IText text)
            _text.AppendFlowing(text.Data.Replace("\u00AD", "", StringComparison.Ordinal));
        else if (node is IElement element && !Skipped.Contains(element.LocalName))
            Write(element);
    }

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
            case "tr":
                WriteRow(element);
                break;
            case "pre":
                _text.Break(2);
                _text.AppendVerbatim(CodeText.Fence(element));
                _text.Break(2);
                break;
            case "code" when !_plain && !string.IsNullOrWhiteSpace(element.TextContent):
                _text.AppendFlowing(CodeText.Inline(HtmlDocuments.OneLine(element.TextContent)));
                break;
            case "sup" or "sub":
                WriteRaised(element);
                break;
            case "rt":
                _text.AppendFlowing($"({HtmlDocuments.OneLine(element.TextContent)})");
                break;
            case "s" or "del" or "strike" when !string.IsNullOrWhiteSpace(element.TextContent):
                _text.AppendFlowing($"~~{Inline(element, plain: true)}~~");
                break;
            case "img" or "area":
                WriteImage(element);
                break;
            case "input" when element.GetAttribute("type") is "checkbox" && element.ParentElement?.LocalName is "li":
                _text.AppendFlowing(element.HasAttribute("checked") ? "[x] " : "[ ] ");
                break;
            case "ul" when element.ParentElement?.LocalName is "li":
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

    private void WriteRow(IElement row)
    {
        if (string.IsNullOrWhiteSpace(row.TextContent) && row.QuerySelector("img[alt]") is null)
            return;
        _text.Break(1);
        var cells = row.Children.Where(cell => !CodeText.IsGutter(cell)).ToList();
        var isLayout = cells.Count == 1 || row.QuerySelector("table, pre") is not null;
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0 && !isLayout)
                _text.Separate();
            if (isLayout)
                WriteBlock(cells[i], breaks: 1);
            else
                _text.AppendFlowing(Cell(cells[i]));
        }

        _text.Break(1);
    }

    // A cell stays on its line.
    private string Cell(IElement cell) => Inline(cell, _plain)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("\n\n", "\n", StringComparison.Ordinal)
        .Replace("\n", "<br>", StringComparison.Ordinal);

    private string Inline(IElement element, bool plain)
    {
        var inner = new MarkdownWriter(_baseUrl, plain, _cancellationToken);
        inner.WriteChildren(element);
        return inner._text.ToString();
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
