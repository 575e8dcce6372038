using AngleSharp.Html.Dom;
using SmartReader;

namespace FuncChat.Tools.Scrape;

/// <summary>The readable part of an HTML page.</summary>
internal static class HtmlArticle
{
    // SmartReader looks at each element many times: 10,000 take it a second or two. A larger page is read whole instead.
    private const int MaxElements = 10_000;

    private const int MaxTitle = 300;

    /// <summary>The page's title, and its article as Markdown; its main part or else its body where no article can be made out.</summary>
    public static async Task<(string? Title, string Markdown)> ReadAsync(string html, Uri url, CancellationToken cancellationToken)
    {
        var document = HtmlDocuments.Parse(html, cancellationToken);
        var baseUrl = BaseOf(document, url);
        var title = HtmlDocuments.OneLine(document.Title ?? "");
        // The whole first: SmartReader takes the document apart.
        var whole = MarkdownWriter.Write(document.QuerySelector("main, [role=main]"), baseUrl, cancellationToken);
        if (whole.Length == 0)
            whole = MarkdownWriter.Write(document.Body, baseUrl, cancellationToken);
        var article = await FindArticleAsync(document, baseUrl, cancellationToken);
        return (title.Length == 0 ? null : title[..Math.Min(title.Length, MaxTitle)], article is { Length: > 0 } ? article : whole);
    }

    private static async Task<string?> FindArticleAsync(IHtmlDocument document, Uri baseUrl, CancellationToken cancellationToken)
    {
        using var reader = new Reader(baseUrl.AbsoluteUri, document) { MaxElemsToParse = MaxElements };
        var article = await reader.GetArticleAsync(cancellationToken);
        if (!article.Completed || !article.IsReadable)
            return null;
        return MarkdownWriter.Write(HtmlDocuments.Parse(article.Content, cancellationToken).Body, baseUrl, cancellationToken);
    }

    private static Uri BaseOf(IHtmlDocument document, Uri url) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { } href
        && Uri.TryCreate(url, href, out var baseUrl) && Fetch.WebUrl.IsHttp(baseUrl)
            ? baseUrl
            : url;
}
