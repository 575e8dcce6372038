using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Searches;

/// <summary>A web search: one or more queries, none of them empty, none twice.</summary>
public sealed record SearchTurnRequest : TurnRequest
{
    public required IReadOnlyList<string> Queries { get; init; }

    /// <summary>The most results of each query.</summary>
    public required int MaxResults { get; init; }

    /// <summary>Whether the pages are read, and not only found.</summary>
    public required bool IncludeContent { get; init; }

    /// <summary>Seconds that each query may take, and again the reading of its pages.</summary>
    public required int Timeout { get; init; }
}
