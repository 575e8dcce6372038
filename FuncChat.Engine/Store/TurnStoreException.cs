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

    /// <summary>The turn is too large to be read while other requests hold as much memory as they may. The same succeeds later.</summary>
    Busy,
}

/// <summary>The one exception that a failed store surfaces as.</summary>
public sealed class TurnStoreException(TurnStoreFailure reason, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Why it failed.</summary>
    public TurnStoreFailure Reason { get; } = reason;

    /// <summary>The error for the caller, if it is more precise than the reason.</summary>
    internal AppError? Error { get; init; }

    /// <summary>Whether an exception of code that only computes with stored data comes from the data: the same data fails again.</summary>
    public static bool IsOfData(Exception failure) =>
        failure is not (TurnStoreException or OperationCanceledException or ObjectDisposedException or IOException or OutOfMemoryException);

    /// <summary>The failure of a turn that has an event that can't be read.</summary>
    public static TurnStoreException Unreadable(Exception failure) =>
        new(TurnStoreFailure.Damaged, "A stored turn contains an event that can't be read.", failure);
}
