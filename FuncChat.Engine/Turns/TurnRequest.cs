using System.Text.Json.Serialization;
using FuncChat.Engine.Models;
using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;
using FuncChat.Tools;

namespace FuncChat.Engine.Turns;

/// <summary>What starts a turn, checked.</summary>
[JsonDerivedType(typeof(ChatTurnRequest), "chat")]
[JsonDerivedType(typeof(SearchTurnRequest), "search")]
[JsonDerivedType(typeof(PlanTurnRequest), "plan")]
public abstract record TurnRequest
{
    /// <summary>A hash of what was sent, by which the same turn sent again is told from another one under the same id.</summary>
    public required string Fingerprint { get; init; }
}

/// <summary>A chat: every message is a sound OpenAI chat message, every tool is one that this server has.</summary>
public sealed record ChatTurnRequest : TurnRequest
{
    /// <summary>The model, as `provider:name`.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<RawJson> Messages { get; init; }

    /// <summary>The tools that are offered to the model.</summary>
    public IReadOnlyList<ToolRef> Tools { get; init; } = [];

    public SamplingOptions Sampling { get; init; } = new();
}
