namespace FuncChat.Engine.Turns;

public enum FollowState
{
    /// <summary>There are bytes to read.</summary>
    Data,

    /// <summary>Nothing came for a while: time for a sign of life.</summary>
    Idle,

    /// <summary>All has been read and no more comes. Where the last event did not end the turn, it is to be followed again.</summary>
    End,
}

/// <summary>
/// Reads a turn's events as the bytes of `text/event-stream`, from one event on until the turn's end: what is stored, and what
/// comes live, joined without a gap. For one reader at a time.
/// </summary>
public abstract class TurnFollower : IAsyncDisposable
{
    /// <summary>Waits until there is something to do; completes synchronously where there is.</summary>
    /// <exception cref="OperationCanceledException">The reader's token was cancelled.</exception>
    public abstract ValueTask<FollowState> WaitAsync();

    /// <summary>Copies the next bytes, as many as are there; 0 when it is time to wait.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> destination);

    public abstract ValueTask DisposeAsync();
}
