using System.Text.Json.Serialization;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Plans;

/// <summary>Asks for a plan of how to answer a question.</summary>
public sealed record PlanTurnRequest : TurnRequest
{
    /// <summary>The question to plan for.</summary>
    public required string Query { get; init; }

    /// <summary>The model, as `provider:name`.</summary>
    public required string Model { get; init; }

    /// <summary>The user's answers to questions of an earlier plan.</summary>
    public IReadOnlyList<PlanAnswer> Answers { get; init; } = [];

    /// <summary>The model, resolved where the request was parsed. Null for a stored request.</summary>
    [JsonIgnore]
    public ResolvedModel? Resolved { get; init; }

    [JsonIgnore]
    internal override bool IsWhole => base.IsWhole && Query is not null && Model is not null && Answers?.All(answer => answer is not null) == true;

    [JsonIgnore]
    public override string Operation => "plan";

    [JsonIgnore]
    public override string ModelId => Model;
}

/// <summary>A question of a plan, and the user's answer to it.</summary>
public sealed record PlanAnswer(string Question, string Answer);
