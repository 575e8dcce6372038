namespace FuncChat.Engine.Store;

/// <summary>Appends to a turn, and holds its lease until it is disposed or its process ends.</summary>
public interface ITurnWriter : IAsyncDisposable
{
    /// <summary>The id of the last stored event, 0 if there is none.</summary>
    long LastEventId { get; }

    /// <summary>Appends a batch. When it returns, the events outlive the process. After a failure the writer must not be used again.</summary>
    /// <exception cref="TurnStoreException">
    /// The batch does not follow the last stored event, or another runner holds the lease.
    /// </exception>
    ValueTask AppendAsync(EventBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Counts an attempt to continue the turn from <paramref name="progressId"/>, the id of the last event that completed a step, and returns how many
    /// attempts have begun there and were never disposed: those whose process died.
    /// </summary>
    ValueTask<int> CountAttemptAsync(long progressId, CancellationToken cancellationToken);
}

/// <summary>Whole events to append, in order.</summary>
/// <param name="Blocks">The frames of the events, in blocks that may split a frame.</param>
/// <param name="AfterId">The id that the last stored event must have, 0 for a turn without events.</param>
/// <param name="LastId">The id of the batch's last event.</param>
public readonly record struct EventBatch(IReadOnlyList<ReadOnlyMemory<byte>> Blocks, long AfterId, long LastId);
