using System.Text.Json.Serialization;

namespace FuncChat.Engine.Turns;

/// <summary>What starts a turn, valid in every respect. It is stored in the head of the turn's log, so its JSON stays readable for later versions.</summary>
public abstract record TurnRequest
{
    /// <summary>A hash of what was sent. The same turn id with another hash is a conflict.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>
    /// Whether the turn stops as soon as no client follows it, instead of after <see cref="TurnOptions.DetachedGrace"/>: a client that can't come back
    /// would pay for an answer that it never reads.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StopsWithClient { get; init; }

    /// <summary>Whether the turn runs to its end without a client that follows it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool InBackground { get; init; }

    /// <summary>What the protocol that started the turn keeps with it, for its own responses. The engine does not read it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson? ProtocolData { get; init; }

    /// <summary>The turn's operation by the conventions of OpenTelemetry for generative AI; null for a turn that calls no model.</summary>
    [JsonIgnore]
    public virtual string? Operation => null;

    /// <summary>The model that the turn calls, as `provider:name`; null for a turn that calls none.</summary>
    [JsonIgnore]
    public virtual string? ModelId => null;

    /// <summary>Returns how long the turn continues without a client that follows it.</summary>
    internal TimeSpan GraceOf(TurnOptions options) => StopsWithClient ? TimeSpan.Zero : options.DetachedGrace;

    /// <summary>Whether a request that was stored has everything that its kind needs.</summary>
    [JsonIgnore]
    internal virtual bool IsWhole => Fingerprint is not null;

    /// <summary>Whether a request asks for the same turn, so that it follows the turn that the other one has started.</summary>
    internal virtual bool IsSameAs(TurnRequest other) => Fingerprint == other.Fingerprint;
}
