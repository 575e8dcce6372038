namespace FuncChat.Engine.Threads;

/// <summary>A deletion of turns that a thread no longer has. The thread lists it until everything that the turns left in the stores is removed.</summary>
/// <param name="Turns">In the order in which they were added.</param>
/// <param name="ShareId">The link that showed no other turns; null if there was none.</param>
public sealed record TurnDeletion(string Id, DateTimeOffset StartedAt, IReadOnlyList<ThreadTurn> Turns, string? ShareId)
{
    internal static string NewId() => $"deletion_{Guid.NewGuid():N}";
}
