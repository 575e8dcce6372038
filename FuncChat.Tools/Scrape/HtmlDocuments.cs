using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FuncChat.Tools.Scrape;

/// <summary>Parses HTML that may be hostile.</summary>
internal static class HtmlDocuments
{
    // Whatever walks a document recursively (our writer, SmartReader, AngleSharp itself) must not run out of stack.
    private const int MaxDepth = 128;

    /// <summary>
    /// Elements below the depth limit become siblings. Some markup takes AngleSharp time that grows with the square of its
    /// size, so the token is looked at for each element.
    /// </summary>
    public static IHtmlDocument Parse(string html, CancellationToken cancellationToken)
    {
        var parser = new HtmlParser(new HtmlParserOptions
        {
            MaximumDepth = MaxDepth,
            DisableElementPositionTracking = true,
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
