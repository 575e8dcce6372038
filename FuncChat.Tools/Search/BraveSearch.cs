using System.Runtime.CompilerServices;

namespace FuncChat.Tools.Search;

/// <summary>Brave's web search API: https://api-dashboard.search.brave.com/app/documentation/web-search</summary>
internal sealed class BraveSearch(SearchHttp http, string url, string apiKey) : ISearchProvider
{
    // The API's own limits.
    private const int MaxPageSize = 20;
    private const int MaxOffset = 9;

    // The free plan allows one request a second.
    private readonly RequestPace _pace = new();

    public string Name => "brave";

    public async IAsyncEnumerable<SearchResult> SearchAsync(
        string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The offset counts pages of this size, so all must have the same.
        var count = Math.Min(limit, MaxPageSize);
        for (var offset = 0; offset <= MaxOffset; offset++)
        {
            var page = $"{url}?q={Uri.EscapeDataString(query)}&count={count}&offset={offset}&text_decorations=false";
            var answer = await http.SendForJsonAsync<Answer>(() => CreateRequest(page), _pace, cancellationToken);
            var results = (answer.Web?.Results ?? []).OfType<Result>().ToList();
            foreach (var result in results)
                yield return new SearchResult(result.Title ?? "", result.Url ?? "", result.Description ?? "", Name);
            if (results.Count == 0 || answer.Query?.MoreResultsAvailable != true)
                yield break;
        }
    }

    private HttpRequestMessage CreateRequest(string page)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.Add("X-Subscription-Token", apiKey);
        return request;
    }

    private sealed record Answer(Query? Query, Web? Web);

    private sealed record Query(bool? MoreResultsAvailable);

    private sealed record Web(IReadOnlyList<Result?>? Results);

    private sealed record Result(string? Title, string? Url, string? Description);
}
