using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Creates the handlers of one kind of turn. Registered with <see cref="TurnKindServices.AddTurnKind{TKind,TRequest}"/> and created in the scope of the
/// request that starts or continues a turn: what a kind needs, such as a tool runner, is injected into it.
/// </summary>
internal interface ITurnKind<in TRequest>
    where TRequest : TurnRequest
{
    /// <summary>Creates the handler that runs the turn.</summary>
    /// <param name="request">The request as it was parsed or, when a turn is continued, as it was stored.</param>
    /// <returns>An error if this server lacks something that the request needs, such as its model.</returns>
    Result<ITurnHandler> Create(TurnKey key, TRequest request);
}
