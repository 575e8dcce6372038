using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Plans;

/// <summary>Asks for a plan of how to answer a question.</summary>
public sealed record PlanTurnRequest : TurnRequest
{
    /// <summary>The question to plan for.</summary>
    public required string Query { get; init; }

    /// <summary>The model, as `provider:name`.</summary>
    public required string Model { get; init; }

    /// <summary>What the person says to questions of an earlier plan.</summary>
    public IReadOnlyList<PlanAnswer> Answers { get; init; } = [];
}

/// <summary>A question of a plan, and the person's answer to it.</summary>
public sealed record PlanAnswer(string Question, string Answer);
