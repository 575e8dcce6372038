using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace FuncChat.Engine.Models.Http;

/// <summary>What is known of one model beyond its provider's profile.</summary>
internal sealed record ModelLimits
{
    public static ModelLimits None { get; } = new();

    /// <summary>The optional fields that the provider refuses in every request.</summary>
    public ImmutableHashSet<string> Refused { get; init; } = [];

    /// <summary>The orders of messages that the provider refuses.</summary>
    public MessageOrders RefusedOrders { get; init; }

    /// <summary>The optional fields that the provider refuses in requests with the same <see cref="RequestConditions"/>.</summary>
    public ImmutableHashSet<string> RefusedHere { get; init; } = [];

    /// <summary>The optional fields that the provider refuses for what this request has in them, or in its messages.</summary>
    public ImmutableHashSet<string> RefusedOnce { get; init; } = [];

    /// <summary>The provider wants `reasoning_content` on messages that call tools.</summary>
    public bool NeedsReasoning { get; init; }

    /// <summary>Whether the model's thoughts come in its text, with a closing tag only; null before an answer has shown it.</summary>
    public bool? OmitsOpeningThinkTag { get; init; }

    /// <summary>The model's thoughts come in its text, after Gemma's opening tag.</summary>
    public bool ThinksInChannel { get; init; }

    /// <summary>Such a model omits the opening tag after tool results, where its prompt holds it.</summary>
    public bool ContinuesInChannel { get; init; } = true;

    /// <summary>Whether an optional field may be sent.</summary>
    public bool Allows(string field) => !Refused.Contains(field) && !RefusedHere.Contains(field) && !RefusedOnce.Contains(field);

    /// <summary>Whether the messages may have this order.</summary>
    public bool Allows(MessageOrders order) => (RefusedOrders & order) == MessageOrders.None;
}

/// <summary>Remembers what each model of a provider accepted, for as long as the process runs.</summary>
internal sealed class LearnedLimits
{
    // Users may choose any name where no list is set, and many values of options.
    private const int MostModels = 1000;
    private const int MostConditions = 50;

    private readonly Newest<ModelLimits> _models = new(MostModels);
    private readonly Newest<Newest<ImmutableHashSet<string>>> _conditional = new(MostModels);

    public ModelLimits Of(ModelRequest request)
    {
        var limits = _models.Find(request.Model) ?? ModelLimits.None;
        return _conditional.Find(request.Model)?.Find(RequestConditions.Of(request)) is { } refused ? limits with { RefusedHere = refused } : limits;
    }

    public void Remember(ModelRequest request, ModelLimits limits)
    {
        if (!limits.RefusedHere.IsEmpty)
        {
            var known = _conditional.Find(request.Model) ?? new Newest<ImmutableHashSet<string>>(MostConditions);
            known.Set(RequestConditions.Of(request), limits.RefusedHere);
            _conditional.Set(request.Model, known);
        }

        var lasting = limits with { RefusedHere = [], RefusedOnce = [] };
        if (lasting != ModelLimits.None)
            _models.Set(request.Model, lasting);
    }

    /// <summary>The entries that were added last.</summary>
    private sealed class Newest<T>(int most)
        where T : class
    {
        private readonly ConcurrentDictionary<string, T> _values = new(StringComparer.Ordinal);
        private readonly Queue<string> _order = new();

        public T? Find(string key) => _values.GetValueOrDefault(key);

        public void Set(string key, T value)
        {
            if (_values.TryGetValue(key, out var known) && known.Equals(value))
                return;
            lock (_order)
            {
                if (_values.TryAdd(key, value))
                    _order.Enqueue(key);
                else
                    _values[key] = value;
                if (_order.Count > most)
                    _values.TryRemove(_order.Dequeue(), out _);
            }
        }
    }
}
