using AngleSharp.Dom;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Writes a document as Markdown for a model: headings, lists, links, tables and code keep their shape, everything else is
/// text. Recursive, since <see cref="HtmlDocuments"/> limits the depth.
/// </summary>
internal sealed class MarkdownWriter
{
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "script", "style", "template", "head", "iframe", "svg", "canvas", "object", "embed", "audio", "video", "select", "datalist",
    };

    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
        "form", "header", "hr", "main", "nav", "ol", "p", "section", "summary", "table", "ul",
    };

    private readonly Uri _baseUrl;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _plain;
    private readonly MarkdownText _text = new();

    private MarkdownWriter(Uri baseUrl, bool plain, CancellationToken cancellationToken)
    {
        _plain = plain;
        _baseUrl = baseUrl;
        _cancellationToken = cancellationToken;
    }

    public static string Write(INode? node, Uri baseUrl, CancellationToken cancellationToken)
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
        for (var i = 0; i < children.Length; i++)
            Write(children[i]);
    }

    private void Write(INode node)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (node is IText text)
            _text.AppendFlowing(text.Data);
        else if (node is IElement element && !Skipped.Contains(element.LocalName) && !IsHidden(element))
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
                WriteMarked(element, element.ParentElement?.LocalName is "ol" ? "1. " : "- ", breaks: 1);
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
                _text.AppendVerbatim($"```\n{element.TextContent.Trim('\r', '\n')}\n```");
                _text.Break(2);
                break;
            case "code" when !_plain && !string.IsNullOrWhiteSpace(element.TextContent):
                _text.AppendFlowing($"`{HtmlDocuments.OneLine(element.TextContent)}`");
                break;
            case "ul" or "ol" when element.ParentElement?.LocalName is "li":
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

    private void WriteRow(IElement row)
    {
        if (string.IsNullOrWhiteSpace(row.TextContent))
            return;
        _text.Break(1);
        var first = true;
        for (var i = 0; i < row.ChildNodes.Length; i++)
        {
            if (row.ChildNodes[i] is not IElement cell)
                continue;
            if (!first)
                _text.Separate();
            first = false;
            Write(node: cell);
        }

        _text.Break(1);
    }

    // A link may hold a whole card of blocks: its text becomes one line.
    private void WriteLink(IElement link)
    {
        var inner = new MarkdownWriter(_baseUrl, plain: true, _cancellationToken);
        inner.WriteChildren(link);
        var label = HtmlDocuments.OneLine(inner._text.ToString());
        if (label.Length == 0)
            label = HtmlDocuments.OneLine(link.QuerySelector("img[alt]")?.GetAttribute("alt") ?? "");
        if (label.Length == 0)
            return;
        var href = link.GetAttribute("href")?.Trim();
        var leadsAway = !string.IsNullOrEmpty(href) && href[0] != '#';
        if (leadsAway && Uri.TryCreate(_baseUrl, href, out var target) && WebUrl.IsHttp(target))
            _text.AppendFlowing($"[{label}]({target.AbsoluteUri})");
        else
            _text.AppendFlowing(label);
    }

    // What a reader can't see is not for the model either: it is where instructions to models are hidden.
    private static bool IsHidden(IElement element) =>
        element.HasAttribute("hidden")
        || (element.GetAttribute("style") is { } style
            && style.Replace(" ", "", StringComparison.Ordinal) is var tight
            && (tight.Contains("display:none", StringComparison.OrdinalIgnoreCase)
                || tight.Contains("visibility:hidden", StringComparison.OrdinalIgnoreCase)));
}
