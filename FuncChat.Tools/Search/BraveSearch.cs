using System.Runtime.CompilerServices;
using System.Text.Json;

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

    // Also without decorations, letters such as < are entities.
    public bool ReturnsHtml => true;

    public async IAsyncEnumerable<SearchResult> SearchAsync(
        string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The offset counts pages of this size, so all must have the same.
        var count = Math.Min(limit, MaxPageSize);
        for (var offset = 0; offset <= MaxOffset; offset++)
        {
            var page = $"{url}?q={Uri.EscapeDataString(query)}&count={count}&offset={offset}&text_decorations=false";
            var answer = await http.SendForJsonAsync(() => CreateRequest(page), _pace, cancellationToken);
            var results = ResultsIn(answer);
            foreach (var result in results)
                yield return result;
            if (results.Count == 0 || !HasMore(answer))
                yield break;
        }
    }

    // There may be no web results, but each answer has its query. An error has none.
    private IReadOnlyList<SearchResult> ResultsIn(JsonElement answer) => SearchJson.Find(answer, "web") switch
    {
        { ValueKind: not JsonValueKind.Null } web => SearchJson.ResultsIn(web, "description", Name),
        null when SearchJson.Find(answer, "query") is null => throw SearchJson.UnknownFormat(),
        _ => [],
    };

    private HttpRequestMessage CreateRequest(string page)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.Add("X-Subscription-Token", apiKey);
        return request;
    }

    private static bool HasMore(JsonElement answer) =>
        SearchJson.Find(answer, "query") is { ValueKind: JsonValueKind.Object } query && SearchJson.Find(query, "more_results_available") is { ValueKind: JsonValueKind.True };
}
