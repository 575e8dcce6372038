using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace FuncChat.Engine.Models.Http;

/// <summary>What is known of one model beyond its provider's profile.</summary>
internal sealed record ModelLimits
{
    public static ModelLimits None { get; } = new();

    /// <summary>The optional fields that the provider refused.</summary>
    public ImmutableHashSet<string> Refused { get; init; } = [];

    /// <summary>The optional fields whose values the provider refused, which another caller may set to another value: left out of this call only.</summary>
    public ImmutableHashSet<string> RefusedValues { get; init; } = [];

    /// <summary>The provider wants `reasoning_content` on messages that call tools.</summary>
    public bool NeedsReasoning { get; init; }

    /// <summary>Whether the model's thoughts come in its text, with a closing tag only; null before an answer has shown it.</summary>
    public bool? OmitsOpeningThinkTag { get; init; }

    /// <summary>Whether an optional field may be sent.</summary>
    public bool Allows(string field) => !Refused.Contains(field) && !RefusedValues.Contains(field);
}

/// <summary>Remembers what each model of a provider accepted, for as long as the process runs.</summary>
internal sealed class LearnedLimits
{
    // Users may choose any name where no list is set.
    private const int MostModels = 1000;

    private readonly ConcurrentDictionary<string, ModelLimits> _models = new(StringComparer.Ordinal);

    public ModelLimits Of(string model) => _models.GetValueOrDefault(model, ModelLimits.None);

    public void Remember(string model, ModelLimits limits)
    {
        if (!ReferenceEquals(limits, ModelLimits.None) && (_models.Count < MostModels || _models.ContainsKey(model)))
            _models[model] = limits.RefusedValues.IsEmpty ? limits : limits with { RefusedValues = [] };
    }
}
