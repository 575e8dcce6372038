using System.ComponentModel.DataAnnotations;
using FuncChat.Web.Http;

namespace FuncChat.Web.Searches;

/// <summary>The body of `POST /api/search`: one query, or several.</summary>
internal sealed record SearchRequest
{
    private const int MaxQueryLength = 400;

    /// <summary>The query. Send either this or `queries`.</summary>
    [Text(MaxQueryLength)]
    public string? Query { get; init; }

    /// <summary>The queries. Send either these or `query`.</summary>
    [Length(1, 10)]
    [Distinct("This query appears twice.")]
    [Text(MaxQueryLength)]
    public IReadOnlyList<string>? Queries { get; init; }

    /// <summary>The maximum number of results of each query. 5, if absent.</summary>
    [Range(1, 20)]
    public int? MaxResults { get; init; }

    /// <summary>Whether the pages are read, and the results contain up to 10,000 characters of each. True, if absent.</summary>
    public bool? IncludeContent { get; init; }

    /// <summary>The time limit in seconds for each query, and again for reading its pages. 15, if absent.</summary>
    [Range(1, 60)]
    public int? Timeout { get; init; }

    [TurnId]
    public string? TurnId { get; init; }
}
