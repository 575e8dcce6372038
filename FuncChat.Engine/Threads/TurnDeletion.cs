namespace FuncChat.Engine.Threads;

/// <summary>A deletion of turns, or of a link, that a thread no longer has. The thread lists it until everything that they left in the stores is removed.</summary>
/// <param name="Turns">In the order in which they were added; empty if only the link was removed.</param>
/// <param name="ShareId">The link that was removed, or showed no other turns; null if there was none.</param>
public sealed record TurnDeletion(string Id, DateTimeOffset StartedAt, IReadOnlyList<ThreadTurn> Turns, string? ShareId)
{
    internal static string NewId() => $"deletion_{Guid.NewGuid():N}";
}
