namespace FuncChat.Engine.Store;

/// <summary>Reads a turn. For one caller at a time.</summary>
public interface ITurnReader : IAsyncDisposable
{
    /// <summary>The bytes of the turn's header.</summary>
    long HeaderLength { get; }

    /// <summary>The bytes of the header and the events, as far as they are known without a call to the store.</summary>
    long Length { get; }

    /// <summary>Reads the turn's header, as it was given to <see cref="ITurnStore.CreateAsync"/>. It can be large: it has the whole conversation.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads the next events after an id: as many as the store returns at once, none if there are none yet. Reading on from the last id that was read
    /// is cheap. With <see cref="long.MaxValue"/> it finds the turn's last id and status.
    /// </summary>
    ValueTask<EventPage> ReadAsync(long afterId, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until it is worth reading again: until the store reports new events, or for its polling interval. Fails if the last read found that the turn was
    /// removed: no more events come, and its followers must not wait for them.
    /// </summary>
    Task WaitAsync(CancellationToken cancellationToken);
}

/// <summary>Some consecutive events of a turn.</summary>
/// <param name="Frames">The events' frames, whole; valid until the next read.</param>
/// <param name="LastId">The id of the last event that was read. In an empty page it may be lower than the id that was asked for.</param>
/// <param name="Status">The turn's status after that event.</param>
public readonly record struct EventPage(ReadOnlyMemory<byte> Frames, long LastId, TurnStatus Status)
{
    /// <summary>Whether there are no events after the id, for now.</summary>
    public bool IsEmpty => Frames.IsEmpty;
}
