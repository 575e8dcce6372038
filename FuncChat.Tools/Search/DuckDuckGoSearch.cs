using System.Runtime.CompilerServices;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using FuncChat.Tools.Scrape;

namespace FuncChat.Tools.Search;

/// <summary>
/// DuckDuckGo's page for browsers without JavaScript, which needs no key. It is not an API: after a few queries
/// from one address it requires a challenge, and its markup may change.
/// </summary>
internal sealed class DuckDuckGoSearch(SearchHttp http, string url) : ISearchProvider
{
    private const int MaxPages = 5;

    private readonly RequestPace _pace = new();

    public string Name => "duckduckgo";

    public bool ReturnsHtml => true;

    public async IAsyncEnumerable<SearchResult> SearchAsync(
        string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyValuePair<string, string>>? form = [new("q", query), new("b", "")];
        for (var page = 1; page <= MaxPages && form is not null; page++)
        {
            using var document = await PostAsync(form, cancellationToken);
            var results = document.QuerySelectorAll(".result:not(.result--ad)").Select(Read).OfType<SearchResult>().ToList();
            if (results.Count == 0 && page == 1 && document.QuerySelector(".no-results, .result--no-result") is null)
                throw new ToolException("its page has an unknown format");
            foreach (var result in results)
                yield return result;
            form = results.Count == 0 ? null : NextForm(document);
        }
    }

    private async Task<IHtmlDocument> PostAsync(IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        var document = HtmlDocuments.Parse(await http.SendForTextAsync(CreateRequest, _pace, cancellationToken), cancellationToken);
        if (document.QuerySelector("#challenge-form, .anomaly-modal__modal") is null)
            return document;
        document.Dispose();
        throw new ToolException("it treats this server as a bot and requires a challenge");

        HttpRequestMessage CreateRequest()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
            request.Headers.Referrer = new Uri(url);
            return request;
        }
    }

    private SearchResult? Read(IElement result)
    {
        var link = result.QuerySelector("a.result__a");
        return link is not null && Target(link.GetAttribute("href")) is { } target
            ? new SearchResult(link.InnerHtml, target, result.QuerySelector(".result__snippet")?.InnerHtml ?? "", Name)
            : null;
    }

    // Links lead through duckduckgo.com/l/?uddg=<address>.
    private string? Target(string? href)
    {
        if (!Uri.TryCreate(new Uri(url), href, out var link))
            return null;
        // An advertisement.
        if (link.AbsolutePath is "/y.js")
            return null;
        if (link.AbsolutePath is not "/l/")
            return link.AbsoluteUri;
        var target = link.Query.TrimStart('?').Split('&').FirstOrDefault(pair => pair.StartsWith("uddg=", StringComparison.Ordinal));
        return target is null ? null : Uri.UnescapeDataString(target["uddg=".Length..].Replace('+', ' '));
    }

    // "Next" is a form whose hidden fields carry the state of the search.
    private static List<KeyValuePair<string, string>>? NextForm(IHtmlDocument document) =>
        document.QuerySelectorAll(".nav-link form")
            .FirstOrDefault(form => form.QuerySelector("input[type=submit][value=Next]") is not null)
            ?.QuerySelectorAll("input[name]")
            .Select(input => KeyValuePair.Create(input.GetAttribute("name") ?? "", input.GetAttribute("value") ?? ""))
            .ToList();
}
