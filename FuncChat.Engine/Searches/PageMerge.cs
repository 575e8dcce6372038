using FuncChat.Engine.Events;

namespace FuncChat.Engine.Searches;

/// <summary>
/// Merges what several queries found: each page once, best first. A page's score is the sum of its reciprocal ranks, divided by the number of
/// queries that were answered. So a page that every query finds first has 1, one that a single query of two finds second has 0.25, and a page
/// that several find stands before one that a single query finds at the same place.
/// </summary>
internal static class PageMerge
{
    private const int Digits = 4;

    /// <summary>The score that a result has within its query: its reciprocal rank.</summary>
    /// <param name="place">The place among the query's results, from 0.</param>
    public static double ScoreAt(int place) => Math.Round(1.0 / (place + 1), Digits);

    /// <param name="answers">One for each query that was answered, in the queries' order.</param>
    public static IReadOnlyList<MergedPage> Merge(IReadOnlyCollection<SearchResultEvent> answers)
    {
        var finds = answers.SelectMany(answer => answer.Results.Select((page, place) => (answer.Query, Page: page, Rank: place + 1)));
        return [.. finds.GroupBy(find => find.Page.Url, StringComparer.Ordinal).Select(Merged).OrderByDescending(page => page.Score)];

        MergedPage Merged(IGrouping<string, (string Query, FoundPage Page, int Rank)> page)
        {
            var best = page.MinBy(find => find.Rank).Page;
            var score = page.Sum(find => 1.0 / find.Rank) / answers.Count;
            return new(best.Url, best.Title, best.Description, Math.Round(score, Digits), [.. page.Select(find => find.Query)]);
        }
    }
}
