using System.ComponentModel.DataAnnotations;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Events;

/// <summary>The plan.</summary>
/// <param name="Text">The plan in Markdown.</param>
/// <param name="SearchKeywords">The web searches to run, in order, each as a list of keywords.</param>
/// <param name="Questions">What only the user can answer. Send the answers as `answers` to refine the plan.</param>
/// <param name="Persona">The expert who should write the answer.</param>
public sealed record PlanEvent(
    string Text, IReadOnlyList<IReadOnlyList<string>> SearchKeywords, IReadOnlyList<string> Questions, string Persona, string Reasoning,
    [property: AllowedValues("simple", "moderate", "complex")] string Complexity) : TurnEvent;

/// <summary>The turn ended with a plan.</summary>
/// <param name="Usage">The tokens of all its model calls.</param>
public sealed record PlanCompleteEvent([property: AllowedValues("success")] string Status, ModelUsage Usage) : TurnEvent;
