using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FuncChat.Tools.Scrape;

/// <summary>Parses HTML that may be hostile.</summary>
internal static class HtmlDocuments
{
    /// <summary>About 60 MB.</summary>
    public const int MaxElements = 100_000;

    // Of one element, the next ones are left out. A hundred thousand on one element take hundreds of megabytes.
    private const int MaxAttributesOfElement = 500;

    // AngleSharp compares each class of an element with all before it, and so it does with the values of a link's rel, as soon as it has them.
    private const int MaxClassCharacters = 4000;

    // With the texts between them, they are siblings, which take the extraction time that grows with their square.
    private const int MaxComments = 20_000;

    // What the parser may allocate for one page. The budget reads markup more simply than the parser does, so a page can make it create more than was counted.
    private const long MaxAllocated = 400L * 1024 * 1024;

    // Code that walks a document recursively (our writer, SmartReader, AngleSharp itself) must not run out of stack.
    private const int MaxDepth = 128;

    /// <summary>Parses the whole text, or the part before <see cref="MaxElements"/>. Elements below the depth limit become siblings.</summary>
    public static IHtmlDocument Parse(string html, CancellationToken cancellationToken) => Parse(html, cancellationToken, out _);

    /// <exception cref="ToolException">The markup creates too much, in a way that can't be cut.</exception>
    /// <param name="isCut">True when the document has more elements than are read.</param>
    public static IHtmlDocument Parse(string html, CancellationToken cancellationToken, out bool isCut)
    {
        (html, isCut) = MarkupBudget.Apply(html, MaxElements, cancellationToken);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var parser = new HtmlParser(new HtmlParserOptions
        {
            MaximumDepth = MaxDepth,
            DisableElementPositionTracking = true,
            // Some markup takes AngleSharp time that grows with the square of its size, so the token is checked for each element.
            OnCreated = (_, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (GC.GetAllocatedBytesForCurrentThread() - before > MaxAllocated)
                    throw TooMuch();
            },
            ShouldEmitAttribute = (ref token, name) => token.Attributes.Count < MaxAttributesOfElement && !(token.Name == "link" && name.Span.SequenceEqual("rel")),
        });
        var document = parser.ParseDocument(html);
        var comments = 0;
        BoundWithin(document, ref comments);
        return document;
    }

    private static void BoundWithin(INode parent, ref int comments)
    {
        foreach (var node in parent.ChildNodes)
        {
            if (node is IComment && ++comments > MaxComments)
                throw TooMuch();
            if (node is IElement { ClassName.Length: > MaxClassCharacters } element)
                element.ClassName = element.ClassName[..MaxClassCharacters];
            BoundWithin(node is IHtmlTemplateElement template ? template.Content : node, ref comments);
            if (node is IElement { ShadowRoot: { } shadow })
                BoundWithin(shadow, ref comments);
        }
    }

    private static ToolException TooMuch() => new("The page's markup is too large to read: look for another source.");

    /// <summary>A short piece of HTML as one line of text, such as a search result's description.</summary>
    public static string ToLine(string html, CancellationToken cancellationToken)
    {
        if (!html.AsSpan().ContainsAny('<', '&'))
            return OneLine(html);
        var body = Parse(html, cancellationToken).Body;

        // Not as links: the result has an address of its own.
        foreach (var link in body?.QuerySelectorAll("a[href]").ToList() ?? [])
            link.RemoveAttribute("href");
        return OneLine(MarkdownWriter.Write(body, baseUrl: null, cancellationToken));
    }

    /// <summary>Text with each run of white space as one space.</summary>
    public static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
