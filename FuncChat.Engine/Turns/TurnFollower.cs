using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

public enum FollowState
{
    /// <summary>There are bytes to read.</summary>
    Data,

    /// <summary>Nothing came for a while: time for a keep-alive.</summary>
    Idle,

    /// <summary>Everything was read and no more comes. If the last event did not end the turn, the client follows it again.</summary>
    End,
}

/// <summary>
/// Reads a turn's events as the bytes of `text/event-stream`, after one event until the turn's end: stored events and new ones, without a gap. For one
/// reader at a time.
/// </summary>
public abstract class TurnFollower : IAsyncDisposable
{
    /// <summary>Waits until there is something to do; completes synchronously if there is.</summary>
    /// <exception cref="OperationCanceledException">The reader's token was cancelled.</exception>
    /// <exception cref="TurnStoreException">The stored turn is damaged.</exception>
    public abstract ValueTask<FollowState> WaitAsync();

    /// <summary>Copies the next bytes, as many as there are; 0 when it is time to wait.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> destination);

    /// <summary>Reads to the end, without keeping anything.</summary>
    /// <exception cref="OperationCanceledException">The reader's token was cancelled.</exception>
    /// <exception cref="TurnStoreException">The stored turn is damaged.</exception>
    public async Task ReadToEndAsync()
    {
        var buffer = new byte[16 * 1024];
        while (await WaitAsync() is var state and not FollowState.End)
        {
            if (state == FollowState.Data)
                await ReadAsync(buffer);
        }
    }

    public abstract ValueTask DisposeAsync();
}
