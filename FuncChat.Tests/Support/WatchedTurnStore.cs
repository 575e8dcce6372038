using System.Collections.Concurrent;
using System.Text;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Support;

/// <summary>Turns in files, with what a test sees and decides of how they are read and written.</summary>
internal sealed class WatchedTurnStore(string dataPath) : ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention
{
    private readonly FileTurnStore _files = new(dataPath);
    private int _opened;

    /// <summary>The turns that readers do not find yet, as those whose header a store keeps back until the first events: they exist for other writers only.</summary>
    public Func<TurnKey, bool> Hides { get; set; } = _ => false;

    /// <summary>How often a turn was opened for reading.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>The text of each append to a new turn.</summary>
    public ConcurrentQueue<string> Appended { get; } = new();

    /// <summary>Called on the turn's own thread before and after each append to a new turn, and before its writer is disposed.</summary>
    public Action Writing { get; set; } = () => { };

    public bool IsWriteBehind => false;

    public async Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) =>
        await _files.CreateAsync(key, header, cancellationToken) is { } writer ? new WatchedWriter(this, writer) : null;

    public async Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        await Task.Yield();
        return Hides(key) ? null : await _files.OpenAsync(key, cancellationToken);
    }

    public Task<ITurnWriter?> TryAcquireAsync(TurnKey key, CancellationToken cancellationToken) => _files.TryAcquireAsync(key, cancellationToken);

    public Task SendAsync(TurnKey key, TurnSignal signal, CancellationToken cancellationToken) => _files.SendAsync(key, signal, cancellationToken);

    public ITurnInbox Open(TurnKey key) => _files.Open(key);

    public Task MarkFollowedAsync(TurnKey key, CancellationToken cancellationToken) => _files.MarkFollowedAsync(key, cancellationToken);

    public Task<string?> FollowedMarkAsync(TurnKey key, CancellationToken cancellationToken) => _files.FollowedMarkAsync(key, cancellationToken);

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) => _files.RemoveOlderThanAsync(age, cancellationToken);

    public Task<bool> RemoveAsync(TurnKey key, CancellationToken cancellationToken) => _files.RemoveAsync(key, cancellationToken);

    private sealed class WatchedWriter(WatchedTurnStore store, ITurnWriter writer) : ITurnWriter
    {
        public long LastEventId => writer.LastEventId;

        public async ValueTask AppendAsync(EventBatch batch, CancellationToken cancellationToken)
        {
            store.Writing();
            store.Appended.Enqueue(string.Concat(batch.Blocks.Select(block => Encoding.UTF8.GetString(block.Span))));
            await writer.AppendAsync(batch, cancellationToken);
            store.Writing();
        }

        public ValueTask<int> CountAttemptAsync(long progressId, CancellationToken cancellationToken) => writer.CountAttemptAsync(progressId, cancellationToken);

        public ValueTask DisposeAsync()
        {
            store.Writing();
            return writer.DisposeAsync();
        }
    }
}
