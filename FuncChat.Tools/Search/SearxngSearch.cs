using System.Runtime.CompilerServices;
using System.Text.Json;

namespace FuncChat.Tools.Search;

/// <summary>
/// An instance of SearXNG: https://docs.searxng.org/dev/search_api.html. It answers in JSON only where `json` is among the
/// `search.formats` of its settings.yml, and with 403 otherwise.
/// </summary>
internal sealed class SearxngSearch(SearchHttp http, string baseUrl) : ISearchProvider
{
    private const int MaxPages = 5;

    public string Name => "searxng";

    public async IAsyncEnumerable<SearchResult> SearchAsync(
        string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = 1; page <= MaxPages; page++)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"{baseUrl.TrimEnd('/')}/search?q={Uri.EscapeDataString(query)}&format=json&pageno={page}");
            var answer = await http.SendForJsonAsync<Answer>(request, cancellationToken);
            var results = answer.Results ?? [];
            if (results.Count == 0 && page == 1 && answer.UnresponsiveEngines is { Count: > 0 })
                throw new ToolException("none of the engines behind it answered");
            if (results.Count == 0)
                yield break;
            foreach (var result in results)
                yield return new SearchResult(result.Title ?? "", result.Url ?? "", result.Content ?? "", Name);
        }
    }

    private sealed record Answer(IReadOnlyList<Result>? Results, IReadOnlyList<JsonElement>? UnresponsiveEngines);

    private sealed record Result(string? Title, string? Url, string? Content);
}
