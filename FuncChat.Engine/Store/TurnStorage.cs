namespace FuncChat.Engine.Store;

/// <summary>
/// The store's ports as the engine uses them: every failure, whatever the adapter throws, is a <see cref="TurnStoreException"/>, and no call takes longer
/// than some seconds, apart from an append, a wait for events, and a removal by age. Only the caller's own cancellation passes as it is.
/// </summary>
public sealed class TurnStorage(ITurnStore store, ITurnLeases leases, ITurnSignals signals, ITurnRetention retention, TimeProvider time)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="ITurnStore.IsWriteBehind"/>
    public bool IsWriteBehind => store.IsWriteBehind;

    /// <inheritdoc cref="ITurnStore.CreateAsync"/>
    public async Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) =>
        Mapped(await CallAsync(token => store.CreateAsync(key, header, token), DisposeLateAsync, cancellationToken));

    /// <inheritdoc cref="ITurnStore.BeginAsync"/>
    public async Task<ITurnWriter?> BeginAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) =>
        Mapped(await CallAsync(token => store.BeginAsync(key, header, token), DisposeLateAsync, cancellationToken));

    /// <inheritdoc cref="ITurnLeases.TryAcquireAsync"/>
    public async Task<ITurnWriter?> TryAcquireAsync(TurnKey key, CancellationToken cancellationToken) =>
        Mapped(await CallAsync(token => leases.TryAcquireAsync(key, token), DisposeLateAsync, cancellationToken));

    /// <inheritdoc cref="ITurnStore.OpenAsync"/>
    public async Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken) =>
        await CallAsync(token => store.OpenAsync(key, token), DisposeLateAsync, cancellationToken) is { } reader ? new MappedReader(reader, this) : null;

    /// <inheritdoc cref="ITurnSignals.SendAsync"/>
    public Task SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken) =>
        CallAsync(token => signals.SendAsync(key, signal, token), cancellationToken);

    /// <inheritdoc cref="ITurnSignals.Open"/>
    public ITurnInbox OpenInbox(TurnKey key) => new MappedInbox(signals.Open(key), this);

    /// <inheritdoc cref="ITurnSignals.MarkFollowedAsync"/>
    public Task MarkFollowedAsync(TurnKey key, CancellationToken cancellationToken) =>
        CallAsync(token => signals.MarkFollowedAsync(key, token), cancellationToken);

    /// <inheritdoc cref="ITurnSignals.FollowedMarkAsync"/>
    public Task<string?> FollowedMarkAsync(TurnKey key, CancellationToken cancellationToken) =>
        CallAsync(token => signals.FollowedMarkAsync(key, token), null, cancellationToken);

    /// <inheritdoc cref="ITurnRetention.RemoveOlderThanAsync"/>
    public async Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        try
        {
            await retention.RemoveOlderThanAsync(age, cancellationToken);
        }
        catch (Exception e) when (!IsOwnOrCancelled(e, cancellationToken))
        {
            throw Failure(e);
        }
    }

    /// <inheritdoc cref="ITurnRetention.RemoveAsync"/>
    public Task<bool> RemoveAsync(TurnKey key, CancellationToken cancellationToken) =>
        CallAsync(token => retention.RemoveAsync(key, token), null, cancellationToken);

    private static bool IsOwnOrCancelled(Exception failure, CancellationToken cancellationToken) =>
        failure is TurnStoreException || (failure is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private static TurnStoreException Failure(Exception failure) =>
        new(TurnStoreFailure.Unavailable, "The turn store failed: " + failure.Message, failure);

    private MappedWriter? Mapped(ITurnWriter? writer) => writer is null ? null : new MappedWriter(writer, this);

    private Task CallAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => CallAsync<object?>(
        async token =>
        {
            await call(token);
            return null;
        },
        null,
        cancellationToken);

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, Func<T, ValueTask>? disposeLate, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T>? running = null;
        try
        {
            running = call(limit.Token);
            return await running.WaitAsync(CallTimeout, time, cancellationToken);
        }
        catch (Exception e)
        {
            if (running is { IsCompleted: false } && disposeLate is not null)
                _ = DisposeLateAsync(running, disposeLate);
            await limit.CancelAsync();
            if (IsOwnOrCancelled(e, cancellationToken))
                throw;
            throw Failure(e);
        }
    }

    private static async Task DisposeLateAsync<T>(Task<T> call, Func<T, ValueTask> dispose)
    {
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.IsCompletedSuccessfully)
            await dispose(call.Result);
    }

    private static ValueTask DisposeLateAsync(IAsyncDisposable? late) => late?.DisposeAsync() ?? ValueTask.CompletedTask;

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
            await storage.CallAsync(token => writer.CountAttemptAsync(progressId, token).AsTask(), null, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            try
            {
                await writer.DisposeAsync();
            }
            catch (Exception e) when (e is not TurnStoreException)
            {
                throw Failure(e);
            }
        }

        // Even cancelled, an append has failed: whether it was stored is unknown.
        private static async Task FinishAsync(ValueTask append)
        {
            try
            {
                await append;
            }
            catch (Exception e) when (e is not TurnStoreException)
            {
                throw Failure(e);
            }
        }
    }

    private sealed class MappedReader(ITurnReader reader, TurnStorage storage) : ITurnReader
    {
        public ReadOnlyMemory<byte> Header => reader.Header;

        public async ValueTask<EventPage> ReadAsync(long afterId, CancellationToken cancellationToken) =>
            await storage.CallAsync(token => reader.ReadAsync(afterId, token).AsTask(), null, cancellationToken);

        // As long as it takes: a store may report new events instead of being polled.
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            try
            {
                await reader.WaitAsync(cancellationToken);
            }
            catch (Exception e) when (!IsOwnOrCancelled(e, cancellationToken))
            {
                throw Failure(e);
            }
        }

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }

    private sealed class MappedInbox(ITurnInbox inbox, TurnStorage storage) : ITurnInbox
    {
        public async ValueTask<IReadOnlyList<TurnSignal>> ReadAsync(CancellationToken cancellationToken) =>
            await storage.CallAsync(token => inbox.ReadAsync(token).AsTask(), null, cancellationToken);
    }
}
