using System.Runtime.CompilerServices;

namespace FuncChat.Tools.Search;

/// <summary>Brave's web search API: https://api-dashboard.search.brave.com/app/documentation/web-search</summary>
internal sealed class BraveSearch(SearchHttp http, string url, string apiKey) : ISearchProvider
{
    // The API's own limits.
    private const int MaxPageSize = 20;
    private const int MaxOffset = 9;

    public string Name => "brave";

    public async IAsyncEnumerable<SearchResult> SearchAsync(
        string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The offset counts pages of this size, so all must have the same.
        var count = Math.Min(limit, MaxPageSize);
        for (var offset = 0; offset <= MaxOffset; offset++)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"{url}?q={Uri.EscapeDataString(query)}&count={count}&offset={offset}&text_decorations=false");
            request.Headers.Add("X-Subscription-Token", apiKey);
            var answer = await http.SendForJsonAsync<Answer>(request, cancellationToken);
            foreach (var result in answer.Web?.Results ?? [])
                yield return new SearchResult(result.Title ?? "", result.Url ?? "", result.Description ?? "", Name);
            if (answer.Query?.MoreResultsAvailable != true)
                yield break;
        }
    }

    private sealed record Answer(Query? Query, Web? Web);

    private sealed record Query(bool? MoreResultsAvailable);

    private sealed record Web(IReadOnlyList<Result>? Results);

    private sealed record Result(string? Title, string? Url, string? Description);
}
