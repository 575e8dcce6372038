using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>A registered kind of turn.</summary>
/// <param name="Name">Identifies the kind in stored turns and in telemetry: it must never change.</param>
/// <param name="Create">Creates a handler, with services of the scope.</param>
internal sealed record TurnKindRegistration(
    string Name, Type RequestType, Func<IServiceProvider, TurnKey, TurnRequest, Result<ITurnHandler>> Create);
