using System.Text.Json.Serialization;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Searches;

/// <summary>A web search: one or more queries, none of them empty, all different.</summary>
public sealed record SearchTurnRequest : TurnRequest
{
    public required IReadOnlyList<string> Queries { get; init; }

    /// <summary>The maximum number of results of each query.</summary>
    public required int MaxResults { get; init; }

    /// <summary>Whether the texts of the pages are read.</summary>
    public required bool IncludeContent { get; init; }

    /// <summary>Seconds that each query may take; reading its pages may take as long again.</summary>
    public required int Timeout { get; init; }

    [JsonIgnore]
    internal override bool IsWhole => base.IsWhole && Queries is { Count: > 0 } && Queries.All(query => query is not null);
}
