using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;

namespace FuncChat.Tools.Research;

/// <summary>Research on the web itself.</summary>
internal sealed class ResearchWeb(WebSearch search, PageReader reader) : IResearchWeb
{
    private const int MaxCharacters = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<ResearchHit>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        var found = await search.SearchAsync(query, limit, Patience, cancellationToken);
        return [.. found.Select(result => new ResearchHit(result.Title, result.Url))];
    }

    public async Task<ResearchPage> ReadAsync(string url, string user, CancellationToken cancellationToken)
    {
        var page = (await reader.ReadAsync(url, Patience, user, cancellationToken)).CutTo(MaxCharacters);
        return new(page.Title ?? page.Url.Host, page.Note is null ? page.Content : $"{page.Content}\n\n{page.Note}");
    }
}
