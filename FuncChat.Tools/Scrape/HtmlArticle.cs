using AngleSharp.Html.Dom;
using FuncChat.Tools.Fetch;
using SmartReader;

namespace FuncChat.Tools.Scrape;

/// <summary>The readable part of an HTML page.</summary>
/// <param name="Refresh">Where the page sends its reader at once.</param>
internal sealed record HtmlArticle(string? Title, string Markdown, string? Note, Uri? Refresh)
{
    // SmartReader looks at each element many times: 10,000 take it a second or two. A larger page is read whole instead.
    private const int MaxArticleElements = 10_000;

    private const int MaxTitle = 300;

    // A page with less text than this, and with scripts, is most likely a shell that its scripts fill.
    private const int ShortText = 100;

    /// <summary>The title, and the article as Markdown; the main part or else the body where there is no article.</summary>
    public static async Task<HtmlArticle> ReadAsync(string html, Uri url, CancellationToken cancellationToken)
    {
        var document = HtmlDocuments.Parse(html, cancellationToken, out var isCut);
        var baseUrl = BaseOf(document, url);
        var title = HtmlDocuments.OneLine(document.Title ?? "");
        var refresh = PageHead.RefreshOf(document, baseUrl ?? url);
        var hasScripts = document.QuerySelector("script[src], script:not([type]), script[type=module], noscript") is not null;
        var frames = baseUrl is null ? null : PageHead.DescribeFrames(document, baseUrl);
        HiddenContent.Remove(document, cancellationToken);
        // The whole first: SmartReader takes the document apart.
        var whole = MarkdownWriter.Write(document.QuerySelector("main, [role=main]"), baseUrl, cancellationToken);
        if (whole.Length == 0)
            whole = MarkdownWriter.Write(document.Body, baseUrl, cancellationToken);
        var description = PageHead.Describe(document);
        // It writes all links with their whole addresses.
        var article = baseUrl is null ? null : await FindArticleAsync(document, baseUrl, cancellationToken);
        var markdown = article is { Length: > 0 } ? article : whole;
        var note = isCut ? $"The page has more than {HtmlDocuments.MaxElements:N0} elements; only the first ones were read." : null;
        if (markdown.Length < ShortText && hasScripts)
        {
            note = "This page is written by JavaScript, which is not run here: the text may be missing. "
                + (description.Length > 0 ? "The content includes the page's own description." : "Look for another source.");
            if (description.Length > 0)
                markdown = markdown.Length > 0 ? $"{markdown}\n\n{description}" : description;
        }
        else if (markdown.Length == 0)
        {
            note ??= "The page has no text.";
            markdown = description;
        }

        note = frames ?? note;
        if (refresh is var (target, seconds) && seconds > 1)
            note = $"The page sends its reader to {target.AbsoluteUri} after {seconds:0} seconds.";
        return new(title.Length == 0 ? null : TextCut.Start(title, MaxTitle), markdown, note, refresh is var (next, delay) && delay <= 1 ? next : null);
    }

    private static async Task<string?> FindArticleAsync(IHtmlDocument document, Uri baseUrl, CancellationToken cancellationToken)
    {
        using var reader = new Reader(baseUrl.AbsoluteUri, document) { MaxElemsToParse = MaxArticleElements };
        var article = await reader.GetArticleAsync(cancellationToken);
        if (!article.Completed || !article.IsReadable)
            return null;
        return MarkdownWriter.Write(HtmlDocuments.Parse(article.Content, cancellationToken).Body, baseUrl, cancellationToken);
    }

    // Null where it is too long: each relative link would be as long.
    private static Uri? BaseOf(IHtmlDocument document, Uri url)
    {
        var element = document.QuerySelector("base[href]");
        var href = element?.GetAttribute("href") ?? "";
        var baseUrl = href.Length <= WebUrl.MaxLength && Uri.TryCreate(url, href, out var given) && WebUrl.IsHttp(given) ? given : url;
        if (baseUrl.AbsoluteUri.Length <= WebUrl.MaxLength && href.Length <= WebUrl.MaxLength)
            return baseUrl;
        element?.Remove();
        return null;
    }
}
