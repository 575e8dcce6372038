using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>Runs one turn, from its request to its last event. Its state follows from the request and the events so far.</summary>
internal interface ITurnHandler
{
    /// <summary>Whether a long tool run is in progress, which continues without followers.</summary>
    bool InLongRun => false;

    /// <summary>
    /// Whether a parked turn has nothing to do with the signals that it has received, so that it stays parked. Asked while the turn does not run.
    /// </summary>
    bool IsWaiting => false;

    /// <summary>Applies an event of the log. When a turn is continued, this is called for each event but pieces of text, in order, before it runs.</summary>
    void Replay(TurnEvent turnEvent);

    /// <summary>
    /// Receives a signal, other than one to stop: each one of a turn that is continued, before it runs, and later ones while it runs, on another thread. A
    /// signal may be received again after a crash: the log tells whether it was answered.
    /// </summary>
    void Receive(TurnSignal signal)
    {
    }

    /// <summary>Checks a signal before it is stored, against the replayed events. A turn that makes no requests receives none.</summary>
    /// <returns>Why the turn can't receive it; null if it can.</returns>
    Task<AppError?> FindErrorAsync(TurnSignal signal, CancellationToken cancellationToken) => Task.FromResult<AppError?>(RequestErrors.NoSuchRequest);

    /// <summary>
    /// Runs until the turn ends or is parked or, between two steps, until <paramref name="leave"/> returns true. Starts where the replayed events end.
    /// </summary>
    /// <exception cref="Models.ModelException">A model failed; the turn ends with that error.</exception>
    Task<TurnRunResult> RunAsync(TurnEventWriter events, Func<bool> leave, CancellationToken cancellationToken);

    /// <summary>Stops the tool runs of the turn.</summary>
    Task CancelRunsAsync() => Task.CompletedTask;
}

/// <summary>Why a handler stopped running its turn.</summary>
internal enum TurnRunResult
{
    /// <summary>The last event ends the turn.</summary>
    Ended,

    /// <summary>The last event is `parked`: the turn waits for a signal.</summary>
    Parked,

    /// <summary>The process shuts down; the turn continues where it is followed next.</summary>
    HandedOver,
}
