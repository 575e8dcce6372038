namespace FuncChat.Engine.Threads;

/// <summary>A turn that a request has added to a thread, but not started yet.</summary>
/// <param name="Before">The thread before; null if the request has created it.</param>
/// <param name="After">The thread with the turn.</param>
internal sealed record TurnAddition(string ContentId, ThreadDocument? Before, ThreadDocument After)
{
    /// <summary>The thread without the turn, and with what other requests have changed since. A thread that only this request has used is deleted.</summary>
    public ThreadDocument TakeBackFrom(ThreadDocument thread)
    {
        if (!thread.Turns.Any(IsAdded))
            return thread;
        if (Before is null && thread.Version == After.Version)
            return thread with { IsDeleted = true };
        return thread with
        {
            Turns = [.. thread.Turns.Where(turn => !IsAdded(turn))],
            Title = !thread.TitleIsChosen && thread.Title == After.Title ? Before?.Title ?? "" : thread.Title,
            UpdatedAt = thread.UpdatedAt == After.UpdatedAt && Before is not null ? Before.UpdatedAt : thread.UpdatedAt,
        };
    }

    private bool IsAdded(ThreadTurn turn) => turn.ContentId == ContentId;
}
