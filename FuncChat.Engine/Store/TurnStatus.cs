namespace FuncChat.Engine.Store;

/// <summary>A turn's status, as its last event determines it.</summary>
public enum TurnStatus
{
    /// <summary>The turn has not ended. If no runner holds its lease, it was interrupted and continues when it is followed.</summary>
    Running,

    /// <summary>The turn waits for a signal. Nothing runs.</summary>
    Parked,

    /// <summary>The turn has ended with `complete` or `error`.</summary>
    Ended,
}
