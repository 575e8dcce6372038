namespace FuncChat.Engine.Store;

/// <summary>
/// The store's ports as the engine uses them: every failure, whatever the adapter throws, is a <see cref="TurnStoreException"/>, and no call takes longer
/// than some seconds, apart from an append, a wait for events, and a removal by age. Only the caller's own cancellation passes as it is.
/// </summary>
public sealed class TurnStorage(ITurnStore store, ITurnLeases leases, ITurnSignals signals, ITurnRetention retention, TimeProvider time)
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
        await _calls.RunAsync(token => store.OpenAsync(key, token), cancellationToken, DisposeAsync) is { } reader ? new MappedReader(reader, this) : null;

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

    private sealed class MappedReader(ITurnReader reader, TurnStorage storage) : ITurnReader
    {
        private Task<EventPage>? _read;

        public ReadOnlyMemory<byte> Header => reader.Header;

        public async ValueTask<EventPage> ReadAsync(long afterId, CancellationToken cancellationToken)
        {
            if (_read is { IsCompleted: false })
                throw new TurnStoreException(TurnStoreFailure.Unavailable, "An earlier read of the turn has not ended yet.");
            return await storage._calls.RunAsync(token => _read = reader.ReadAsync(afterId, token).AsTask(), cancellationToken);
        }

        // As long as it takes: a store may report new events instead of being polled.
        public Task WaitAsync(CancellationToken cancellationToken) => storage._calls.RunUnlimitedAsync(reader.WaitAsync, cancellationToken);

        public ValueTask DisposeAsync()
        {
            if (_read is not { IsCompleted: false } read)
                return reader.DisposeAsync();
            _ = DisposeAfterAsync(read);
            return ValueTask.CompletedTask;
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
