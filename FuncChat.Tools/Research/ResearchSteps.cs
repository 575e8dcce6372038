namespace FuncChat.Tools.Research;

// The results of a run's steps. A run that is continued restores them, so each must survive JSON. A failure that does not end the run is a value
// and not an exception: a step that throws is not stored, and would run again.

/// <summary>What to search for, and what went wrong where the model could not plan it.</summary>
internal sealed record PlanOutcome(IReadOnlyList<string> Queries, string? Error = null);

/// <summary>A search that ended: with pages, or with an error.</summary>
internal sealed record SearchOutcome(string Query, IReadOnlyList<ResearchHit> Pages, string? Error);

/// <summary>A page that was read and summarized, or an error.</summary>
internal sealed record PageNote(string Url, string Title, string Summary, string? Error);
