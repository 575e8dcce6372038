using FuncChat.Engine.Events;

namespace FuncChat.Engine.Searches;

/// <summary>The search has begun. Always its first event.</summary>
internal sealed record SearchStartEvent(string TurnId, IReadOnlyList<string> Queries, int MaxResults) : TurnEvent;

/// <summary>A query has its results, best first.</summary>
/// <param name="Index">The query's place in the request, from 0.</param>
internal sealed record SearchResultEvent(string Query, int Index, int Count, IReadOnlyList<FoundPage> Results) : TurnEvent;

/// <summary>A query failed; the others go on.</summary>
internal sealed record SearchErrorEvent(string Query, int Index, string Error) : TurnEvent;

/// <summary>All queries have ended, and at least one has results, or would have if there were any.</summary>
internal sealed record SearchCompleteEvent(string Status, IReadOnlyList<MergedPage> Results) : TurnEvent;

/// <summary>A page that a query found.</summary>
/// <param name="Url">The page's canonical address, the same whoever finds it.</param>
/// <param name="Score">One divided by the place among the query's results: 1, 0.5, 0.3333…</param>
internal sealed record FoundPage(string Url, string Title, string Description, double Score)
{
    /// <summary>The page's text, where it was to be read and could be.</summary>
    public string? Content { get; init; }

    /// <summary>Says that the text was cut, where it was.</summary>
    public string? ContentNote { get; init; }

    /// <summary>Why there is no text.</summary>
    public string? ContentError { get; init; }
}

/// <summary>A page over all queries.</summary>
/// <param name="Score">From 0 to 1; see <see cref="PageMerge"/>.</param>
/// <param name="Queries">The queries that found it.</param>
internal sealed record MergedPage(string Url, string Title, string Description, double Score, IReadOnlyList<string> Queries);
