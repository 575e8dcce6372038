using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>The kinds of turns that this server knows, by the type of their requests.</summary>
public sealed class TurnKinds
{
    private readonly FrozenDictionary<Type, TurnKindRegistration> _byRequest;

    internal TurnKinds(IEnumerable<TurnKindRegistration> registrations)
    {
        _byRequest = registrations.ToFrozenDictionary(registration => registration.RequestType);
        var resolver = JsonTypeInfoResolver.Combine(EngineJson.Relaxed, new DefaultJsonTypeInfoResolver()).WithAddedModifier(NameKinds);
        HeaderJson = HeaderOf(new JsonSerializerOptions(EngineJson.Relaxed.Options) { TypeInfoResolver = resolver });
        StoredHeaderJson = HeaderOf(new JsonSerializerOptions(EngineJson.Stored) { TypeInfoResolver = resolver.WithAddedModifier(EngineJson.RequireValues) });
    }

    /// <summary>The JSON of a turn's header, in which `$type` is the name of the request's kind.</summary>
    internal JsonTypeInfo<TurnHeader> HeaderJson { get; }

    /// <summary>The same for headers that are read (<see cref="EngineJson.Stored"/>).</summary>
    internal JsonTypeInfo<TurnHeader> StoredHeaderJson { get; }

    internal string NameOf(TurnRequest request) => Of(request).Name;

    /// <inheritdoc cref="ITurnKind{TRequest}.Create"/>
    /// <param name="scope">The services of the request that starts or continues the turn.</param>
    internal Result<ITurnHandler> Create(TurnKey key, TurnRequest request, IServiceProvider scope) => Of(request).Create(scope, key, request);

    private TurnKindRegistration Of(TurnRequest request) => _byRequest.TryGetValue(request.GetType(), out var registration)
        ? registration
        : throw new ArgumentOutOfRangeException(nameof(request), request.GetType(), "No kind of turn is registered for the request.");

    private static JsonTypeInfo<TurnHeader> HeaderOf(JsonSerializerOptions options) => (JsonTypeInfo<TurnHeader>)options.GetTypeInfo(typeof(TurnHeader));

    private void NameKinds(JsonTypeInfo type)
    {
        if (type.Type != typeof(TurnRequest))
            return;
        type.PolymorphismOptions = new JsonPolymorphismOptions();
        foreach (var registration in _byRequest.Values)
            type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(registration.RequestType, registration.Name));
    }
}
