using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Plans;

/// <summary>The plan, as <see cref="PlanSchema"/> says.</summary>
internal sealed record PlanEvent(
    string Text, IReadOnlyList<IReadOnlyList<string>> SearchKeywords, IReadOnlyList<string> Questions, string Persona, string Reasoning,
    string Complexity) : TurnEvent;

/// <summary>The turn has ended with a plan.</summary>
/// <param name="Usage">The tokens of all its model calls.</param>
internal sealed record PlanCompleteEvent(string Status, ModelUsage Usage) : TurnEvent;
