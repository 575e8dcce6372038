namespace FuncChat.Engine.Store;

/// <summary>Why a store failed.</summary>
public enum TurnStoreFailure
{
    /// <summary>The store is unreachable, full, read-only or too slow. The same may succeed later.</summary>
    Unavailable,

    /// <summary>Another runner holds the turn's lease, or has appended to it.</summary>
    LeaseLost,

    /// <summary>What is stored can't be read.</summary>
    Damaged,

    /// <summary>The store is almost full: it accepts no new turn, so that the running ones can be stored to their end.</summary>
    Full,
}

/// <summary>The one exception that a failed store surfaces as.</summary>
public sealed class TurnStoreException(TurnStoreFailure reason, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Why it failed.</summary>
    public TurnStoreFailure Reason { get; } = reason;
}
