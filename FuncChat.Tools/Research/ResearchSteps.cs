namespace FuncChat.Tools.Research;

// What the steps of a run give. A run that is continued takes them from its journal, so each must survive JSON. A failure that the run
// can continue without is a value here and not an exception: a step that throws is not recorded, and would be done again.

/// <summary>What to search for, and what went wrong where the model could not plan it.</summary>
internal sealed record PlanOutcome(IReadOnlyList<string> Queries, string? Error = null);

/// <summary>A search that ended: with pages, or with an error.</summary>
internal sealed record SearchOutcome(string Query, IReadOnlyList<ResearchHit> Pages, string? Error);

/// <summary>A page that was read and summarized, or an error.</summary>
internal sealed record PageNote(string Url, string Title, string Summary, string? Error);
