using FuncChat.Engine.Store;

namespace FuncChat.Tests.Support;

/// <summary>A turn log of the batched kind: one instance's view of a <see cref="SharedMemory"/>.</summary>
public sealed class MemoryTurnStore(SharedMemory store) : ITurnStore
{
    private readonly List<MemoryTurnWriter> _writers = [];

    public bool Batched => true;

    /// <summary>
    /// The instance dies: what it has not stored is lost, and its leases are free. Its writers fail from now on, as those of a process that the store no
    /// longer knows.
    /// </summary>
    public void Die()
    {
        foreach (var writer in _writers)
            writer.Lose();
    }

    public Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        var turn = new StoredTurn();
        var writer = new MemoryTurnWriter(store, key);
        turn.Bytes.AddRange(header.Span);
        turn.Writer = writer;
        return Task.FromResult(store.TryAdd(key, turn) ? Kept(writer) : null);
    }

    public Task<ITurnWriter?> ContinueAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var writer = new MemoryTurnWriter(store, key);
        return Task.FromResult(store.With(key, turn =>
        {
            if (turn is null or { Writer: not null })
                return null;
            turn.Writer = writer;
            return Kept(writer);
        }));
    }

    public Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken) => Task.FromResult(
        store.With<ITurnReader?>(key, turn => turn is null ? null : new MemoryTurnReader(store, key)));

    public Task RequestStopAsync(TurnKey key, CancellationToken cancellationToken)
    {
        store.With(key, turn => turn?.StopRequested = true);
        return Task.CompletedTask;
    }

    // Tests ask for all or nothing: before the epoch there is no turn.
    public Task RemoveOlderThanAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        if (time > DateTimeOffset.UnixEpoch)
            store.RemoveUnwritten();
        return Task.CompletedTask;
    }

    private ITurnWriter? Kept(MemoryTurnWriter writer)
    {
        lock (_writers)
            _writers.Add(writer);
        return writer;
    }
}

internal sealed class MemoryTurnReader(SharedMemory store, TurnKey key) : ITurnReader
{
    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.FromResult(store.With(key, turn =>
    {
        var rest = turn is null || offset >= turn.Bytes.Count ? [] : turn.Bytes.GetRange((int)offset, Math.Min(turn.Bytes.Count - (int)offset, buffer.Length));
        rest.CopyTo(buffer.Span);
        return rest.Count;
    }));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class MemoryTurnWriter(SharedMemory store, TurnKey key) : ITurnWriter
{
    public long Length => store.With(key, turn => turn?.Bytes.Count ?? 0);

    public ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken)
    {
        var stored = store.With(key, turn =>
        {
            if (turn?.Writer != this)
                return false;
            foreach (var block in blocks)
                turn.Bytes.AddRange(block.Span);
            return true;
        });
        return stored ? ValueTask.CompletedTask : ValueTask.FromException(new TurnStoreException("The lease is another's."));
    }

    public ValueTask<bool> IsStopRequestedAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(store.With(key, turn => turn is { StopRequested: true }));

    public ValueTask DisposeAsync()
    {
        Lose();
        return ValueTask.CompletedTask;
    }

    public void Lose() => store.With(key, turn => turn?.Writer == this ? turn.Writer = null : null);
}
