using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Stores a running turn's events and publishes them to its followers. One turn appends. An event is published once the store has confirmed it; with a
/// write-behind store, text is published ahead.
/// </summary>
internal sealed class TurnEventWriter : IAsyncDisposable
{
    /// <summary>How many events may be published ahead of a write-behind store; a continued turn's ids start after them.</summary>
    public const long MaxEventsAhead = 10_000;

    // How much is appended between two reports of it.
    private const int GrowthInterval = 64 * 1024;

    private readonly ITurnWriter _store;
    private readonly CancellationTokenSource _failed = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _storing = new(1, 1);
    private readonly List<ReadOnlyMemory<byte>> _blocks = [];
    private readonly Lock _timerLock = new();
    private readonly ITimer? _batchTimer;
    private readonly TimeSpan _batchInterval;
    private bool _batchDue;
    private StatusEvent? _status;
    private TurnEnd? _end;
    private long _endAtClose; // of what is published with the end of the stream

    /// <param name="store">The turn's writer; this disposes it.</param>
    /// <param name="lastId">The id after which to number: at least the last stored one.</param>
    /// <param name="batchInterval">How long text may wait for a write-behind store; null stores each event before it is published.</param>
    /// <param name="published">Counts the events that are published.</param>
    public TurnEventWriter(ITurnWriter store, long lastId, TimeSpan? batchInterval, TimeProvider time, EventCount? published = null)
    {
        _store = store;
        Feed = new EventFeed(store.LastEventId, lastId, published);
        if (batchInterval is null || lastId > 0)
            _begun.SetResult(); // with the turn's creation
        if (batchInterval is not { } interval)
            return;
        _batchInterval = interval;
        _batchTimer = time.CreateTimer(_ => _ = StoreQuietlyAsync().AsTask(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The events in memory, which followers read.</summary>
    public EventFeed Feed { get; }

    /// <summary>Called for each event that is appended, text apart.</summary>
    public Action<TurnEvent>? Appended { get; init; }

    /// <summary>Called with the bytes that were appended since the last call: every 64 KB, and at the end.</summary>
    public Action<long>? Grown { get; set; }

    /// <summary>Why the turn could not be stored, once it could not.</summary>
    public TurnStoreException? Failure { get; private set; }

    /// <summary>How the turn has ended; null if it has not, or its end could not be stored.</summary>
    public TurnEnd? End => Failure is null ? _end : null;

    /// <summary>Ends when the turn exists for other instances, or can't be stored.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Cancelled when the turn could not be stored. It can't continue here.</summary>
    public CancellationToken Failed => _failed.Token;

    public void Append(TurnEvent turnEvent)
    {
        Feed.Append(turnEvent);
        if (turnEvent is StatusEvent status)
            _status = status;
        else if (turnEvent is CompleteEvent or ErrorEvent)
            _end = new TurnEnd(_status, turnEvent);
        Appended?.Invoke(turnEvent);
    }

    /// <inheritdoc cref="EventFrames.WriteText"/>
    public void AppendText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> escapedText) => Feed.AppendText(name, escapedText);

    /// <summary>
    /// Publishes to the followers what was appended: as soon as it is stored or, if the store is write-behind and everything but text is stored, at
    /// once. So a crash loses text alone, which a <see cref="MessageResetEvent"/> voids. Never throws: a store that fails cancels <see cref="Failed"/>.
    /// </summary>
    public ValueTask PublishAsync()
    {
        if (_batchTimer is null || Feed.EndAheadOfStore(MaxEventsAhead) is not { } end)
            return StoreQuietlyAsync();
        lock (_timerLock)
        {
            if (!_batchDue)
                _batchTimer.Change(_batchInterval, Timeout.InfiniteTimeSpan);
            _batchDue = true;
        }

        Publish(end);
        return ValueTask.CompletedTask;
    }

    /// <summary>Stores all that was appended, and publishes it: the end of the turn when this is closed.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public async ValueTask StoreAsync()
    {
        await _storing.WaitAsync();
        long end;
        bool endsTurn;
        try
        {
            if (Failure is not null)
                throw new TurnStoreException(Failure.Reason, Failure.Message, Failure);
            ClearBatch();
            (end, var id, var afterId) = Feed.CopyUnstored(_blocks);

            // What a store has kept back of a turn's creation is stored even without events.
            if (_blocks.Count > 0 || !_begun.Task.IsCompleted)
            {
                await _store.AppendAsync(new EventBatch(_blocks, afterId, id), _abandoned.Token);
                Feed.MarkStored(end, id);
                _begun.TrySetResult();
            }

            // The end of the turn and of the stream are one write to each client. Where the store is released at once, the turn no longer runs for its next request.
            endsTurn = _end is not null;
            if (endsTurn)
                _endAtClose = end;
        }
        catch (TurnStoreException e) when (Failure is null)
        {
            Failure = e;
            _begun.TrySetResult();
            await _failed.CancelAsync();
            throw;
        }
        finally
        {
            _blocks.Clear();
            _storing.Release();
        }

        if (!endsTurn)
            Publish(end);
    }

    /// <summary>
    /// Stores all that was appended before a model is called, so that a turn that can't be stored does not pay for a call each time that it is followed. The first
    /// events of a new turn are stored during the call: their store has just created the turn.
    /// </summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    public ValueTask StoreBeforeCallAsync()
    {
        if (_batchTimer is null || _store.LastEventId > 0)
            return StoreAsync();

        // After an append that is in progress: it may have begun before these events.
        _ = StoreQuietlyAsync().AsTask();
        return ValueTask.CompletedTask;
    }

    /// <summary>Begins to store a new turn in a write-behind store, with its first events if there are any, so that other instances find it whatever it waits for.</summary>
    public void StoreBeginning()
    {
        if (_batchTimer is not null && _store.LastEventId == 0 && _storing.CurrentCount > 0)
            _ = StoreQuietlyAsync().AsTask();
    }

    /// <summary>Waits for the store no longer: an append that is in progress fails.</summary>
    public void Abandon()
    {
        try
        {
            _abandoned.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The turn has ended meanwhile.
        }
    }

    /// <summary>Stores what was appended, and releases the store. Followers read the end with <see cref="Close"/>, or before if releasing the store takes time.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (_batchTimer is not null)
            await _batchTimer.DisposeAsync();
        try
        {
            // A turn that is handed over stores its text too.
            await StoreQuietlyAsync();
        }
        finally
        {
            ReportGrowth(atLeast: 1);
            var releasing = _store.DisposeAsync();
            if (!releasing.IsCompleted)
                Close();
            await releasing;
            _begun.TrySetResult();
            _failed.Dispose();
            _abandoned.Dispose();
        }
    }

    /// <summary>No more events come: followers read what is stored, and then their stream ends.</summary>
    public void Close() => Feed.Close(_endAtClose);

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        Close();
    }

    private void Publish(long end)
    {
        ReportGrowth(GrowthInterval);
        Feed.Publish(end);
    }

    private void ReportGrowth(long atLeast)
    {
        if (Feed.TakeGrowth(atLeast) is > 0 and var growth)
            Grown?.Invoke(growth);
    }

    private void ClearBatch()
    {
        if (_batchTimer is null)
            return;
        lock (_timerLock)
        {
            if (_batchDue)
                _batchTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _batchDue = false;
        }
    }

    private async ValueTask StoreQuietlyAsync()
    {
        try
        {
            await StoreAsync();
        }
        catch (TurnStoreException)
        {
            // Failed reports it.
        }
    }
}
