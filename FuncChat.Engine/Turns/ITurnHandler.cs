namespace FuncChat.Engine.Turns;

/// <summary>What a turn does, from its request to its last event. Whatever it knows follows from the request and the events so far.</summary>
internal interface ITurnHandler
{
    /// <summary>Whether something runs that is allowed to take long, though nobody follows.</summary>
    bool InLongRun => false;

    /// <summary>Takes note of an event that the log holds, before the program runs; each in turn, when a turn is continued.</summary>
    void Replay(string name, ReadOnlyMemory<byte> data);

    /// <summary>Runs until the turn has ended, or, between two steps, until it is told to leave. Begins where the replayed events end.</summary>
    /// <exception cref="Models.ModelException">A model failed; the turn is to end with that error.</exception>
    Task RunAsync(TurnEventWriter journal, Func<bool> leave, CancellationToken cancellationToken);

    /// <summary>Stops what runs elsewhere for the turn.</summary>
    Task CancelRunsAsync() => Task.CompletedTask;
}
