namespace FuncChat.Engine.Store;

/// <summary>
/// Keeps turns. A stored turn is a header followed by its events, addressed by event id: an event is never split. The header and each event are bytes
/// that end with an empty line and contain none (<see cref="Events.EventFrames"/>); the store does not change them.
/// </summary>
/// <remarks>Adapters throw what their SDK throws; the engine uses them through <see cref="TurnStorage"/>, which maps every failure.</remarks>
public interface ITurnStore
{
    /// <summary>
    /// False if appending takes microseconds: each event is then stored before it is published. True if it is a call over the network: text is then
    /// published first and stored in batches, and a crash may lose the last of it.
    /// </summary>
    bool IsWriteBehind { get; }

    /// <summary>Creates a turn with its header and acquires its lease. Returns null if the turn exists.</summary>
    Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="CreateAsync"/>, for a turn that runs here at once. The store may keep the header back until the first append, which may be empty: that saves a call
    /// before the first event is published. Until then, the turn exists for other writers only. Disposing the writer stores the header if nothing was appended.
    /// </summary>
    Task<ITurnWriter?> BeginAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) => CreateAsync(key, header, cancellationToken);

    /// <summary>Opens a turn for reading, whether or not it is being written. Returns null if there is no such turn.</summary>
    Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken);
}
