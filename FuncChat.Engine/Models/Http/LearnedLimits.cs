using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace FuncChat.Engine.Models.Http;

/// <summary>What is known of one model beyond its provider's profile.</summary>
internal sealed record ModelLimits
{
    public static ModelLimits None { get; } = new();

    /// <summary>The optional fields that the provider refuses in every request.</summary>
    public ImmutableHashSet<string> Refused { get; init; } = [];

    /// <summary>The optional fields that the provider refuses in requests with the same <see cref="RequestConditions"/>.</summary>
    public ImmutableHashSet<string> RefusedHere { get; init; } = [];

    /// <summary>The optional fields that the provider refuses for what this request has in them, or in its messages.</summary>
    public ImmutableHashSet<string> RefusedOnce { get; init; } = [];

    /// <summary>The provider wants `reasoning_content` on messages that call tools.</summary>
    public bool NeedsReasoning { get; init; }

    /// <summary>Whether the model's thoughts come in its text, with a closing tag only; null before an answer has shown it.</summary>
    public bool? OmitsOpeningThinkTag { get; init; }

    /// <summary>Whether an optional field may be sent.</summary>
    public bool Allows(string field) => !Refused.Contains(field) && !RefusedHere.Contains(field) && !RefusedOnce.Contains(field);
}

/// <summary>Remembers what each model of a provider accepted, for as long as the process runs.</summary>
internal sealed class LearnedLimits
{
    // Users may choose any name where no list is set.
    private const int MostModels = 1000;

    private readonly ConcurrentDictionary<string, ModelLimits> _models = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Model, string Conditions), ImmutableHashSet<string>> _conditional = new();

    public ModelLimits Of(ModelRequest request)
    {
        var limits = _models.GetValueOrDefault(request.Model, ModelLimits.None);
        return _conditional.IsEmpty || !_conditional.TryGetValue((request.Model, RequestConditions.Of(request)), out var refused)
            ? limits
            : limits with { RefusedHere = refused };
    }

    public void Remember(ModelRequest request, ModelLimits limits)
    {
        if (!limits.RefusedHere.IsEmpty && _conditional.Count < MostModels)
            _conditional[(request.Model, RequestConditions.Of(request))] = limits.RefusedHere;
        var lasting = limits with { RefusedHere = [], RefusedOnce = [] };
        if (lasting != ModelLimits.None && (_models.Count < MostModels || _models.ContainsKey(request.Model)))
            _models[request.Model] = lasting;
    }
}
