using System.Buffers;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// A stored turn that may be continued: its header, its handler with the events and signals so far, and what one client lacks of it. The log is read
/// once, and then on from where it ended.
/// </summary>
/// <param name="keepAfter">The id after which to keep the events, for a client that follows from there; <see cref="long.MaxValue"/> keeps none.</param>
internal sealed class ReplayedTurn(TurnKey key, ITurnReader reader, ITurnInbox inbox, TurnKinds kinds, IServiceProvider scope, long keepAfter) : IAsyncDisposable
{
    // A client that lacks more than this reads the remainder from the store.
    private const int MaxKept = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _kept = new();
    private TurnHeader? _header;
    private Result<ITurnHandler>? _handler;
    private EventPage _lastKept;
    private bool _isWholeKept = true;
    private bool _isTaken;

    /// <summary>The turn's header, once it is loaded.</summary>
    public TurnHeader Header => _header ?? throw new InvalidOperationException("The header of the turn is not loaded.");

    public long HeaderLength => reader.HeaderLength;

    /// <summary>The turn's handler; the error if this server can't run it.</summary>
    public Result<ITurnHandler> Handler => _handler ??= kinds.Create(key, Header.Request, scope);

    public ITurnInbox Inbox => inbox;

    /// <summary>The turn so far.</summary>
    public TurnReplay Replay { get; private set; } = TurnReplay.Empty;

    /// <summary>How many signals were received.</summary>
    public int Signals { get; private set; }

    /// <summary>Whether one of the signals stops the turn.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The events from the one after the client's last, as far as they are kept.</summary>
    public EventPage Kept => _lastKept with { Frames = _kept.WrittenMemory };

    /// <summary>Finds the turn's last id and status, without replaying it.</summary>
    public ValueTask<EventPage> FindEndAsync(CancellationToken cancellationToken) => reader.ReadAsync(long.MaxValue, cancellationToken);

    /// <summary>Loads the header. The turn's end and its signals can be found without it.</summary>
    /// <exception cref="TurnStoreException">The store failed, the header can't be read, or it is too large for now.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken) =>
        _header ??= TurnHeader.Parse((await reader.ReadHeaderAsync(cancellationToken)).Span, kinds);

    /// <summary>Replays the events that were not replayed yet.</summary>
    /// <exception cref="TurnStoreException">The store failed, or the stored turn is damaged.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        while (await reader.ReadAsync(Replay.LastId, cancellationToken) is { IsEmpty: false } page)
        {
            Replay = StoredFrames.Decode(() => Replay.Apply(page, Handler.Value));
            Keep(page);
        }
    }

    /// <summary>Receives the signals that were not received yet.</summary>
    public async Task ReceiveSignalsAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in await inbox.ReadAsync(cancellationToken))
        {
            Signals++;
            if (signal.Type == TurnSignal.Stop)
                IsStopped = true;
            else
            {
                await LoadAsync(cancellationToken);
                Handler.Value?.Receive(signal);
            }
        }
    }

    /// <summary>Hands the reader over to the caller, who disposes it.</summary>
    public ITurnReader TakeReader()
    {
        _isTaken = true;
        return reader;
    }

    public ValueTask DisposeAsync() => _isTaken ? ValueTask.CompletedTask : reader.DisposeAsync();

    private void Keep(EventPage page)
    {
        if (page.LastId <= keepAfter || !_isWholeKept)
            return;
        var frames = page.Frames[StoredFrames.LengthThrough(page.Frames.Span, keepAfter)..];
        _isWholeKept = _kept.WrittenCount == 0 || _kept.WrittenCount + frames.Length <= MaxKept;
        if (!_isWholeKept)
            return;
        _kept.Write(frames.Span);
        _lastKept = page;
    }
}
