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

    public string Name => "tavily";

    public async IAsyncEnumerable<SearchResult> SearchAsync(
        string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Authorization = new("Bearer", apiKey);
        request.Content = JsonContent.Create(new { query, max_results = Math.Min(limit, MaxResults) });
        var answer = await http.SendForJsonAsync<Answer>(request, cancellationToken);
        foreach (var result in (answer.Results ?? []).OfType<Result>())
            yield return new SearchResult(result.Title ?? "", result.Url ?? "", result.Content ?? "", Name);
    }

    private sealed record Answer(IReadOnlyList<Result?>? Results);

    private sealed record Result(string? Title, string? Url, string? Content);
}
