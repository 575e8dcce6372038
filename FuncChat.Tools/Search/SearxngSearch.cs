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

    public string Name => "searxng";

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

            var results = (answer.Results ?? []).OfType<Result>().ToList();
            if (results.Count == 0 && page == 1 && answer.UnresponsiveEngines is { Count: > 0 } && !DirectAnswers(answer).Any())
                throw new ToolException("none of its engines answered");
            if (results.Count == 0)
                yield break;
            foreach (var result in results)
                yield return new SearchResult(result.Title ?? "", result.Url ?? "", result.Content ?? "", Name);
        }
    }

    private async Task<Answer> AskAsync(string query, int page, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{baseUrl.TrimEnd('/')}/search?q={Uri.EscapeDataString(query)}&format=json&pageno={page}");
        try
        {
            return await http.SendForJsonAsync<Answer>(request, cancellationToken);
        }
        catch (ToolException exception) when (exception.InnerException is HttpRequestException { StatusCode: HttpStatusCode.Forbidden })
        {
            throw new ToolException($"{exception.Message}; its settings.yml must list json under search.formats", exception);
        }
    }

    // Older instances send answers as texts, which have no address to cite.
    private IEnumerable<SearchResult> DirectAnswers(Answer answer)
    {
        foreach (var direct in answer.Answers ?? [])
        {
            if (direct.ValueKind == JsonValueKind.Object && Text(direct, "answer") is { } text && Text(direct, "url") is { } url)
                yield return new SearchResult(text, url, text, Name);
        }

        foreach (var box in (answer.Infoboxes ?? []).OfType<InfoboxEntry>())
        {
            if (box.Urls?.FirstOrDefault(link => link?.Url is not null)?.Url is { } url)
                yield return new SearchResult(box.Infobox ?? "", url, box.Content ?? "", Name);
        }
    }

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var property) && property.ValueKind == JsonValueKind.String ? property.GetString() : null;

    private sealed record Answer(
        IReadOnlyList<Result?>? Results, IReadOnlyList<JsonElement>? Answers, IReadOnlyList<InfoboxEntry?>? Infoboxes, IReadOnlyList<JsonElement>? UnresponsiveEngines);

    private sealed record InfoboxEntry(string? Infobox, string? Content, IReadOnlyList<Link?>? Urls);

    private sealed record Link(string? Url);

    private sealed record Result(string? Title, string? Url, string? Content);
}
