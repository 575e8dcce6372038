using System.ComponentModel.DataAnnotations;
using FuncChat.Web.Http;

namespace FuncChat.Web.Plans;

/// <summary>The body of `POST /api/planning`.</summary>
internal sealed record PlanRequest
{
    /// <summary>The question to plan for.</summary>
    [Required(ErrorMessage = "The question is missing: send a query, such as \"How do tides work?\".")]
    [Text(10_000)]
    public string? Query { get; init; }

    /// <summary>`provider:name`, or a name that only one provider lists. The default model, if absent.</summary>
    public string? Model { get; init; }

    /// <summary>The questions of an earlier plan, with the user's answers.</summary>
    [Length(0, 20)]
    public IReadOnlyList<AnsweredQuestion>? Answers { get; init; }

    [TurnId]
    public string? TurnId { get; init; }
}

/// <summary>A question of a plan, and the user's answer to it.</summary>
internal sealed record AnsweredQuestion : IRequestRecord
{
    private const int MaxLength = 4_000;

    [Required(ErrorMessage = "The question that this answers is missing.")]
    [Text(MaxLength)]
    public string? Question { get; init; }

    [Required(ErrorMessage = "The answer is missing.")]
    [Text(MaxLength)]
    public string? Answer { get; init; }
}
