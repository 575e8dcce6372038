namespace FuncChat.Engine.Store;

/// <summary>Signals to the runner of a turn, now or later, on any instance.</summary>
public interface ITurnSignals
{
    /// <summary>Stores a signal until the turn expires. Does nothing if there is no such turn.</summary>
    Task SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken);

    /// <summary>Opens the signals of a turn for its runner.</summary>
    ITurnInbox Open(TurnKey key);

    /// <summary>Records that a client follows the turn on this instance, so that a runner elsewhere keeps it alive.</summary>
    Task MarkFollowedAsync(TurnKey key, CancellationToken cancellationToken);

    /// <summary>Returns a value that changes with each <see cref="MarkFollowedAsync"/>; null if there was none.</summary>
    Task<string?> FollowedMarkAsync(TurnKey key, CancellationToken cancellationToken);
}

/// <summary>The signals of one turn. For one caller at a time.</summary>
public interface ITurnInbox
{
    /// <summary>Returns the signals that this inbox has not returned before, oldest first.</summary>
    ValueTask<IReadOnlyList<TurnSignal>> ReadAsync(CancellationToken cancellationToken);
}
