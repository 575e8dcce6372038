using FuncChat.Engine.Events;

namespace FuncChat.Engine.Turns;

/// <summary>Runs one turn, from its request to its last event. Its state follows from the request and the events so far.</summary>
internal interface ITurnHandler
{
    /// <summary>Whether a long tool run is in progress, which continues without followers.</summary>
    bool InLongRun => false;

    /// <summary>Applies an event of the log. When a turn is continued, this is called for each event but pieces of text, in order, before it runs.</summary>
    void Replay(TurnEvent turnEvent);

    /// <summary>Runs until the turn ends or, between two steps, until <paramref name="leave"/> returns true. Starts where the replayed events end.</summary>
    /// <exception cref="Models.ModelException">A model failed; the turn ends with that error.</exception>
    Task RunAsync(TurnEventWriter journal, Func<bool> leave, CancellationToken cancellationToken);

    /// <summary>Stops the tool runs of the turn.</summary>
    Task CancelRunsAsync() => Task.CompletedTask;
}
