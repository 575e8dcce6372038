using FuncChat.Engine.Events;

namespace FuncChat.Engine.Searches;

/// <summary>
/// Merges the results of several queries: each page once, best first. A page's score is the sum of its reciprocal ranks, divided by the number of
/// queries that succeeded. A page that every query finds first scores 1; one that a single query of two finds second scores 0.25; a page that several
/// queries find ranks above one that a single query finds at the same position.
/// </summary>
internal static class PageMerge
{
    private const int Digits = 4;

    /// <summary>The score of a result within its query: its reciprocal rank.</summary>
    /// <param name="place">The position among the query's results, from 0.</param>
    public static double ScoreAt(int place) => Math.Round(1.0 / (place + 1), Digits);

    /// <param name="answers">One for each query that succeeded, in the queries' order.</param>
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
