using FuncChat.Engine.Turns;

namespace FuncChat.Web.Chat;

/// <summary>A checked body that starts a turn.</summary>
/// <param name="TurnId">The caller's own id for the turn, where there is one.</param>
public sealed record TurnBody(string? TurnId, TurnRequest Turn)
{
    /// <summary>Whether the proxy's answer is to be streamed; false for all else.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether such a stream is to end with the tokens that were used.</summary>
    public bool IncludeUsage { get; init; }
}
