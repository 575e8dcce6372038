using System.ComponentModel.DataAnnotations;
using FuncChat.Web.Http;

namespace FuncChat.Web.Searches;

/// <summary>The body of `POST /api/search`: one query, or several.</summary>
internal sealed record SearchRequest
{
    private const int MaxQueryLength = 400;

    [Text(MaxQueryLength)]
    public string? Query { get; init; }

    [Length(1, 10)]
    [Text(MaxQueryLength)]
    public IReadOnlyList<string>? Queries { get; init; }

    /// <summary>Results of each query; 5 by default.</summary>
    [Range(1, 20)]
    public int? MaxResults { get; init; }

    /// <summary>Whether the pages are read and their text sent along; true by default.</summary>
    public bool? IncludeContent { get; init; }

    /// <summary>Seconds that the search may take; 15 by default.</summary>
    [Range(1, 60)]
    public int? Timeout { get; init; }

    [TurnId]
    public string? TurnId { get; init; }
}
