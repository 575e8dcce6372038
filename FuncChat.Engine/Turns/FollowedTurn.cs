namespace FuncChat.Engine.Turns;

/// <summary>A turn that a client follows.</summary>
/// <param name="Follower">Its events; null if the client has them all.</param>
/// <param name="Completion">
/// Completes when the request may end. A request that started or continued a turn stays open until the turn no longer runs in this process, since a host
/// may remove an instance that serves no requests; others end when they have left.
/// </param>
public sealed record FollowedTurn(string TurnId, TurnFollower? Follower, Task Completion)
{
    /// <summary>What the turn was started with.</summary>
    public required TurnRequest Request { get; init; }

    /// <summary>When the turn started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The id of the last event of a turn that has ended or is parked; null if more events may come.</summary>
    public long? LastEventId { get; init; }

    /// <summary>Whether the request created the turn.</summary>
    public bool IsNew { get; init; }

    /// <summary>Whether the request continued the turn, which no process ran any more.</summary>
    public bool IsContinued { get; init; }

    internal static FollowedTurn Of(TurnHeader header, TurnFollower? follower, Task completion) =>
        new(header.TurnId, follower, completion) { Request = header.Request, Started = header.Started };
}
