using FuncChat.Engine.Turns;
using FuncChat.Web.Threads;

namespace FuncChat.Web.Turns;

/// <summary>A valid body that starts a turn.</summary>
/// <param name="TurnId">The client's own id for the turn, if it sent one.</param>
public sealed record TurnBody(string? TurnId, TurnRequest Turn)
{
    /// <summary>The id of the turn if the client sent none, on the routes whose ids have a form of their own.</summary>
    public string? NewTurnId { get; init; }

    /// <summary>Whether the response is streamed, on the routes where the body decides.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether such a stream ends with the tokens that were used.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The place of the turn in its thread; null for a turn without one.</summary>
    internal ThreadBody? Thread { get; init; }

    /// <summary>The model as the client named it, on the routes whose responses repeat the name.</summary>
    public string? AskedModel { get; init; }
}
