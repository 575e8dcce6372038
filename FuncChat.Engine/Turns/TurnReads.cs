using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>Counts what one reader reads of a stored turn: for the work that it was opened in or, where there is none, until it is disposed.</summary>
internal sealed class TurnReads(RequestMemory memory, HeldReads? work, TurnKey key) : IDisposable
{
    private HeldMemory? _held;
    private long _bytes;

    /// <exception cref="TurnStoreException">The work is refused.</exception>
    public async ValueTask HoldAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytes <= _bytes)
            return;
        if (work is { IsDisposed: false })
            await work.HoldAsync(key, bytes, isMore: _bytes > 0, cancellationToken);
        else if (_held is null)
            _held = memory.HoldAdmitted(key.User, bytes);
        else
            _held.Grow(bytes - _held.Bytes);
        _bytes = bytes;
    }

    public void Dispose() => _held?.Dispose();
}
