using System.Net.Http.Json;
using System.Runtime.CompilerServices;

namespace FuncChat.Tools.Search;

/// <summary>
/// Tavily's search API, which has one page of results: https://docs.tavily.com/documentation/api-reference/endpoint/search
/// </summary>
internal sealed class TavilySearch(SearchHttp http, string url, string apiKey) : ISearchProvider
{
    // The API's own limit.
    private const int MaxResults = 20;

    private readonly RequestPace _pace = new();

    public string Name => "tavily";

    public bool ReturnsHtml => false;

    public async IAsyncEnumerable<SearchResult> SearchAsync(
        string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var result in SearchJson.ResultsIn(await http.SendForJsonAsync(CreateRequest, _pace, cancellationToken), "content", Name))
            yield return result;

        HttpRequestMessage CreateRequest()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(new { query, max_results = Math.Min(limit, MaxResults) }) };
            request.Headers.Authorization = new("Bearer", apiKey);
            return request;
        }
    }
}
