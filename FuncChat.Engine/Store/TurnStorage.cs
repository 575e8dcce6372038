using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Store;

/// <summary>
/// The store's ports as the engine uses them: every failure, whatever the adapter throws, is a <see cref="TurnStoreException"/>, and no call takes longer
/// than some seconds, apart from an append, a wait for events, and a removal by age. Only the caller's own cancellation passes as it is. What is read of a turn
/// counts in <see cref="RequestMemory"/>, for the work that opens the turn (<see cref="RequestMemory.BeginReads"/>).
/// </summary>
public sealed class TurnStorage(
    ITurnStore store, ITurnLeases leases, ITurnSignals signals, ITurnRetention retention, RequestMemory memory, TimeProvider time)
{
    private readonly StoreCalls _calls = new("turns", TimeSpan.FromSeconds(10), time);

    /// <inheritdoc cref="ITurnStore.IsWriteBehind"/>
    public bool IsWriteBehind => store.IsWriteBehind;

    /// <inheritdoc cref="ITurnStore.CreateAsync"/>
    public async Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) =>
        Mapped(await _calls.RunAsync(token => store.CreateAsync(key, header, token), cancellationToken, DisposeAsync));

    /// <inheritdoc cref="ITurnStore.BeginAsync"/>
    public async Task<ITurnWriter?> BeginAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) =>
        Mapped(await _calls.RunAsync(token => store.BeginAsync(key, header, token), cancellationToken, DisposeAsync));

    /// <inheritdoc cref="ITurnLeases.TryAcquireAsync"/>
    public async Task<ITurnWriter?> TryAcquireAsync(TurnKey key, CancellationToken cancellationToken) =>
        Mapped(await _calls.RunAsync(token => leases.TryAcquireAsync(key, token), cancellationToken, DisposeAsync));

    /// <summary>Whether a process runs a turn that is stored: only that process has its lease.</summary>
    public async Task<bool> IsRunAsync(TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (await TryAcquireAsync(key, cancellationToken) is not { } lease)
                return true;
            await lease.DisposeAsync();
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // The lease was acquired before the turn was read.
        }

        return false;
    }

    /// <inheritdoc cref="ITurnStore.OpenAsync"/>
    public async Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken) =>
        await _calls.RunAsync(token => store.OpenAsync(key, token), cancellationToken, DisposeAsync) is { } reader
            ? new MappedReader(reader, this, memory.ReadsOf(key))
            : null;

    /// <summary>Opens a turn for a client that follows it already: its stream is not cut.</summary>
    public async Task<ITurnReader?> OpenFollowedAsync(TurnKey key, CancellationToken cancellationToken)
    {
        using var following = memory.BeginReads(ReadLimit.None);
        return await OpenAsync(key, cancellationToken);
    }

    /// <inheritdoc cref="ITurnSignals.SendAsync"/>
    public Task SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => signals.SendAsync(key, signal, token), cancellationToken);

    /// <inheritdoc cref="ITurnSignals.Open"/>
    public ITurnInbox OpenInbox(TurnKey key) => new MappedInbox(signals.Open(key), this);

    /// <inheritdoc cref="ITurnSignals.MarkFollowedAsync"/>
    public Task MarkFollowedAsync(TurnKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => signals.MarkFollowedAsync(key, token), cancellationToken);

    /// <inheritdoc cref="ITurnSignals.FollowedMarkAsync"/>
    public Task<string?> FollowedMarkAsync(TurnKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => signals.FollowedMarkAsync(key, token), cancellationToken);

    /// <inheritdoc cref="ITurnRetention.RemoveOlderThanAsync"/>
    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        _calls.RunUnlimitedAsync(token => retention.RemoveOlderThanAsync(age, token), cancellationToken);

    /// <inheritdoc cref="ITurnRetention.RemoveAsync"/>
    public Task<bool> RemoveAsync(TurnKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => retention.RemoveAsync(key, token), cancellationToken);

    private MappedWriter? Mapped(ITurnWriter? writer) => writer is null ? null : new MappedWriter(writer, this);

    private static ValueTask DisposeAsync(IAsyncDisposable? late) => late?.DisposeAsync() ?? ValueTask.CompletedTask;

    private sealed class MappedWriter(ITurnWriter writer, TurnStorage storage) : ITurnWriter
    {
        public long LastEventId => writer.LastEventId;

        public ValueTask AppendAsync(EventBatch batch, CancellationToken cancellationToken)
        {
            ValueTask append;
            try
            {
                append = writer.AppendAsync(batch, cancellationToken);
            }
            catch (Exception e)
            {
                append = ValueTask.FromException(e);
            }

            // The hot path: a write into a file has completed.
            return append.IsCompletedSuccessfully ? append : new ValueTask(FinishAsync(append));
        }

        public async ValueTask<int> CountAttemptAsync(long progressId, CancellationToken cancellationToken) =>
            await storage._calls.RunAsync(token => writer.CountAttemptAsync(progressId, token).AsTask(), cancellationToken);

        public async ValueTask DisposeAsync()
        {
            try
            {
                await writer.DisposeAsync();
            }
            catch (Exception e) when (e is not TurnStoreException)
            {
                throw storage._calls.Failure(e);
            }
        }

        // Even cancelled, an append has failed: whether it was stored is unknown.
        private async Task FinishAsync(ValueTask append)
        {
            try
            {
                await append;
            }
            catch (Exception e) when (e is not TurnStoreException)
            {
                throw storage._calls.Failure(e);
            }
        }
    }

    private sealed class MappedReader(ITurnReader reader, TurnStorage storage, TurnReads reads) : ITurnReader
    {
        private Task? _read;

        public long HeaderLength => reader.HeaderLength;

        public long Length => reader.Length;

        // Its caller parses it, and keeps what it makes of the events.
        public async ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(CancellationToken cancellationToken)
        {
            CheckIsFree();
            await reads.HoldAsync(Length, cancellationToken);
            return await storage._calls.RunAsync(token => Begin(reader.ReadHeaderAsync(token)), cancellationToken);
        }

        public async ValueTask<EventPage> ReadAsync(long afterId, CancellationToken cancellationToken)
        {
            CheckIsFree();

            // One event may be as long as all of them.
            await reads.HoldAsync(Length - HeaderLength, cancellationToken);
            return await storage._calls.RunAsync(token => Begin(reader.ReadAsync(afterId, token)), cancellationToken);
        }

        // As long as it takes: a store may report new events instead of being polled.
        public Task WaitAsync(CancellationToken cancellationToken) => storage._calls.RunUnlimitedAsync(reader.WaitAsync, cancellationToken);

        public ValueTask DisposeAsync()
        {
            reads.Dispose();
            if (_read is not { IsCompleted: false } read)
                return reader.DisposeAsync();
            _ = DisposeAfterAsync(read);
            return ValueTask.CompletedTask;
        }

        private Task<T> Begin<T>(ValueTask<T> read)
        {
            var task = read.AsTask();
            _read = task;
            return task;
        }

        private void CheckIsFree()
        {
            if (_read is { IsCompleted: false })
                throw new TurnStoreException(TurnStoreFailure.Unavailable, "An earlier read of the turn has not ended yet.");
        }

        // A read that was given up still writes into the reader's buffer, which another request may rent once it is returned.
        private async Task DisposeAfterAsync(Task read)
        {
            await read.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await reader.DisposeAsync();
        }
    }

    private sealed class MappedInbox(ITurnInbox inbox, TurnStorage storage) : ITurnInbox
    {
        public async ValueTask<IReadOnlyList<TurnSignal>> ReadAsync(CancellationToken cancellationToken) =>
            await storage._calls.RunAsync(token => inbox.ReadAsync(token).AsTask(), cancellationToken);
    }
}
