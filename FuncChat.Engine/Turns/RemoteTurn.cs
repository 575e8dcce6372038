namespace FuncChat.Engine.Turns;

/// <summary>
/// What the followers of one turn in this process share while the turn runs elsewhere: they mark it as followed, and try to continue it, together
/// rather than each.
/// </summary>
internal sealed class RemoteTurn(RemoteTurns.Entry entry, RemoteTurns owner, TimeSpan grace, Func<CancellationToken, Task<ContinuedTurn?>> tryContinue) : IDisposable
{
    private bool _disposed;

    /// <summary>
    /// Keeps the runner from ending the turn because no client follows it there: marks it as followed, and again at intervals until this is disposed,
    /// however slowly the client reads.
    /// </summary>
    public Task MarkFollowedAsync(CancellationToken cancellationToken) => entry.MarkFollowedAsync(RemoteTurns.MarkIntervalOf(grace), cancellationToken);

    /// <summary>Continues the turn here; null if another process runs it.</summary>
    public Task<ContinuedTurn?> TryContinueAsync(CancellationToken cancellationToken) => tryContinue(cancellationToken);

    public void Dispose()
    {
        if (!_disposed)
            owner.Release(entry);
        _disposed = true;
    }
}
