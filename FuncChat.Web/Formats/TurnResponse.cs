using FuncChat.Engine.Turns;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats;

/// <summary>A turn that a request started or follows, for a format to write.</summary>
/// <param name="Http">The request and its response.</param>
/// <param name="Follower">The turn's events, from the one after <paramref name="After"/>, or all of them (<see cref="IWireFormat.ReadsWholeTurn"/>).</param>
/// <param name="After">The id of the last event that the client has; 0 if it has none.</param>
/// <param name="Body">The body that started the turn; null for a request that follows one.</param>
public sealed record TurnResponse(HttpContext Http, string TurnId, TurnFollower Follower, long After = 0, TurnBody? Body = null)
{
    /// <summary>What the turn was started with, by whichever request.</summary>
    public required TurnRequest Request { get; init; }

    /// <summary>When the turn started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Whether the turn has ended or is parked, and the client has all its events.</summary>
    public bool HasAll { get; init; }

    /// <summary>Whether the request created the turn.</summary>
    public bool IsNew { get; init; }

    /// <summary>Whether the request continued the turn, which no process ran any more.</summary>
    public bool IsContinued { get; init; }
}
