using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace FuncChat.Tools.Search;

/// <summary>
/// An instance of SearXNG: https://docs.searxng.org/dev/search_api.html. It returns JSON only if `json` is among the
/// `search.formats` of its settings.yml, and with 403 otherwise.
/// </summary>
internal sealed class SearxngSearch(SearchHttp http, string baseUrl) : ISearchProvider
{
    private const int MaxPages = 5;

    private readonly RequestPace _pace = new();

    public string Name => "searxng";

    // It removes the markup of its engines, and escapes these texts on its own page.
    public bool ReturnsHtml => false;

    public async IAsyncEnumerable<SearchResult> SearchAsync(
        string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = 1; page <= MaxPages; page++)
        {
            var answer = await AskAsync(query, page, cancellationToken);
            if (page == 1)
            {
                foreach (var result in DirectAnswers(answer))
                    yield return result;
            }

            var results = SearchJson.ResultsIn(answer, "content", Name);
            if (results.Count == 0 && page == 1 && SearchJson.Items(answer, "unresponsive_engines").Any() && !DirectAnswers(answer).Any())
                throw new ToolException("none of its engines answered");
            if (results.Count == 0)
                yield break;
            foreach (var result in results)
                yield return result;
        }
    }

    private async Task<JsonElement> AskAsync(string query, int page, CancellationToken cancellationToken)
    {
        var url = $"{baseUrl.TrimEnd('/')}/search?q={Uri.EscapeDataString(query)}&format=json&pageno={page}";
        try
        {
            return await http.SendForJsonAsync(() => new HttpRequestMessage(HttpMethod.Get, url), _pace, cancellationToken);
        }
        catch (ToolException exception) when (exception.InnerException is HttpRequestException { StatusCode: HttpStatusCode.Forbidden })
        {
            throw new ToolException($"{exception.Message}; its settings.yml must list json under search.formats", exception);
        }
    }

    // Older instances send answers as texts, which have no address to cite.
    private IEnumerable<SearchResult> DirectAnswers(JsonElement answer)
    {
        foreach (var direct in SearchJson.Items(answer, "answers"))
        {
            if (SearchJson.Text(direct, "answer") is { } text && SearchJson.Text(direct, "url") is { } url)
                yield return new SearchResult(text, url, text, Name);
        }

        foreach (var box in SearchJson.Items(answer, "infoboxes"))
        {
            if (SearchJson.Items(box, "urls").Select(link => SearchJson.Text(link, "url")).FirstOrDefault(link => link is not null) is { } url)
                yield return new SearchResult(SearchJson.Text(box, "infobox") ?? "", url, SearchJson.Text(box, "content") ?? "", Name);
        }
    }
}
