using System.ComponentModel.DataAnnotations;

namespace FuncChat.Engine.Events;

/// <summary>The search started. The first event of a search.</summary>
public sealed record SearchStartEvent(string TurnId, IReadOnlyList<string> Queries, int MaxResults) : TurnEvent;

/// <summary>The results of a query, best first.</summary>
/// <param name="Index">The query's position in the request, from 0.</param>
public sealed record SearchResultEvent(string Query, int Index, int Count, IReadOnlyList<FoundPage> Results) : TurnEvent;

/// <summary>A query failed; the others continue.</summary>
/// <param name="Index">The query's position in the request, from 0.</param>
public sealed record SearchErrorEvent(string Query, int Index, string Error) : TurnEvent;

/// <summary>The search ended, and at least one query succeeded.</summary>
/// <param name="Results">Each page once, best first.</param>
public sealed record SearchCompleteEvent(
    [property: AllowedValues("success")] string Status, IReadOnlyList<MergedPage> Results) : TurnEvent;

/// <summary>A page that a query found.</summary>
/// <param name="Url">The page's canonical URL, the same for every query that finds the page.</param>
/// <param name="Score">One divided by the position among the query's results: 1, 0.5, 0.3333…</param>
public sealed record FoundPage(string Url, string Title, string Description, double Score)
{
    /// <summary>The page's text, if it was requested and could be read.</summary>
    public string? Content { get; init; }

    /// <summary>A note that the text was cut, if it was.</summary>
    public string? ContentNote { get; init; }

    /// <summary>Why the text is missing.</summary>
    public string? ContentError { get; init; }
}

/// <summary>A page, ranked over all queries.</summary>
/// <param name="Score">From 0 to 1: the sum of the page's reciprocal ranks divided by the number of queries that succeeded.</param>
/// <param name="Queries">The queries that found it.</param>
public sealed record MergedPage(string Url, string Title, string Description, double Score, IReadOnlyList<string> Queries);
