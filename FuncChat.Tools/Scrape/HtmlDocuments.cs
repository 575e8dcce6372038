using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FuncChat.Tools.Scrape;

/// <summary>Parses HTML that may be hostile.</summary>
internal static class HtmlDocuments
{
    /// <summary>About 60 MB.</summary>
    public const int MaxElements = 100_000;

    // Code that walks a document recursively (our writer, SmartReader, AngleSharp itself) must not run out of stack.
    private const int MaxDepth = 128;

    /// <summary>Parses the whole text, or the part before <see cref="MaxElements"/>. Elements below the depth limit become siblings.</summary>
    public static IHtmlDocument Parse(string html, CancellationToken cancellationToken) => Parse(html, cancellationToken, out _);

    /// <param name="isCut">True when the document has more elements than are read.</param>
    public static IHtmlDocument Parse(string html, CancellationToken cancellationToken, out bool isCut)
    {
        (html, isCut) = MarkupBudget.Apply(html, MaxElements, cancellationToken);
        var parser = new HtmlParser(new HtmlParserOptions
        {
            MaximumDepth = MaxDepth,
            DisableElementPositionTracking = true,
            // Some markup takes AngleSharp time that grows with the square of its size, so the token is checked for each element.
            OnCreated = (_, _) => cancellationToken.ThrowIfCancellationRequested(),
        });
        return parser.ParseDocument(html);
    }

    /// <summary>A short piece of HTML as one line of text, such as a search result's description.</summary>
    public static string ToLine(string html, CancellationToken cancellationToken) =>
        OneLine(html.AsSpan().ContainsAny('<', '&') ? Parse(html, cancellationToken).Body?.TextContent ?? "" : html);

    /// <summary>Text with each run of white space as one space.</summary>
    public static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
