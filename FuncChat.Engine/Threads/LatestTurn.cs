namespace FuncChat.Engine.Threads;

/// <summary>The turn that was added to a thread last.</summary>
/// <param name="TurnId">Null if the thread has no turn.</param>
/// <param name="Thread">Null if there is no such thread.</param>
public sealed record LatestTurn(string? TurnId, ThreadDocument? Thread)
{
    /// <summary>Whether the turn has not ended.</summary>
    public bool IsRunning => Thread?.Find(TurnId) is { IsRunning: true };
}
