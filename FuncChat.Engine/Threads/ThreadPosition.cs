namespace FuncChat.Engine.Threads;

/// <summary>What to do with a new turn of a thread while another turn of it has not ended.</summary>
public enum IfRunning
{
    /// <summary>Refuse it.</summary>
    Refuse,

    /// <summary>Wait for the end of the other, for some minutes.</summary>
    Queue,

    /// <summary>Stop the other.</summary>
    Interrupt,
}

/// <summary>Where a new turn continues a thread.</summary>
/// <param name="ParentId">The turn that it follows; null for one at the beginning.</param>
/// <param name="Thread">The thread; null if the turn creates it.</param>
/// <param name="History">The conversation so far, without system messages.</param>
public sealed record ThreadPosition(ThreadKey Key, string? ParentId, ThreadDocument? Thread, IReadOnlyList<RawJson> History)
{
    /// <summary>Names the beginning of a thread, as the turn to continue from.</summary>
    public const string Root = "root";

    /// <summary>What to do if another turn of the thread was faster.</summary>
    public IfRunning IfRunning { get; init; }

    /// <summary>Whether the new turn follows the last one, whichever that is.</summary>
    internal bool FollowsLast { get; init; }

    /// <summary>Whether another turn of the thread was faster, and the new one waits for that, too: find its position again.</summary>
    /// <param name="error">Why the turn could not be started.</param>
    public bool IsOvertaken(AppError error) => IfRunning != IfRunning.Refuse && ThreadErrors.IsOvertaken(error);
}
