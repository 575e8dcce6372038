using System.ComponentModel.DataAnnotations;
using FuncChat.Web.Http;

namespace FuncChat.Web.Plans;

/// <summary>The body of `POST /api/planning`.</summary>
internal sealed record PlanRequest
{
    [Required(ErrorMessage = "The question is missing: send a query, such as \"How do tides work?\".")]
    [Text(10_000)]
    public string? Query { get; init; }

    public string? Model { get; init; }

    /// <summary>Answers to the questions of an earlier plan.</summary>
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
