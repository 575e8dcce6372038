using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Follows a turn from the store: one that has ended or is parked, or one that another process runs. If that process is gone, the turn continues here.
/// </summary>
/// <param name="after">The id of the event to begin after.</param>
/// <param name="first">The events after it, as far as they were read already.</param>
/// <param name="remote">What this process does for a turn that runs elsewhere.</param>
/// <param name="continuesAfter">The id of the last event after which the turn continues, such as a `parked`; null if it has ended, or stays parked.</param>
internal sealed class StoredFollower(
    ITurnReader reader, long after, EventPage first, RemoteTurn remote, long? continuesAfter, Func<bool> draining, TimeSpan idleInterval, TimeProvider time,
    CancellationToken cancellationToken) : TurnFollower
{
    // Acquiring the lease costs more than reading. A lost process keeps its lease for longer than this anyway.
    private static readonly TimeSpan SilenceBeforeContinuing = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameCheck _check = new(stopsAtEnd: true);
    private Task _turnCompletion = Task.CompletedTask;
    private EventPage _first = first;
    private EventPage _page;
    private long _afterId = after;
    private long _lastStoredId;
    private long _lastRead = time.GetTimestamp();
    private long _silentSince = time.GetTimestamp();
    private TurnFollower? _live;

    /// <summary>Ends when the reader has left and the turn, if this follower continued it here, has ended here.</summary>
    public Task Completion => CompleteAsync();

    public override async ValueTask<FollowState> WaitAsync()
    {
        try
        {
            while (_live is null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!_page.IsEmpty)
                {
                    // A client may read more slowly than events are stored, and never see the end of them.
                    if (continuesAfter is not null && !HasEnded)
                        _ = remote.MarkFollowedAsync(cancellationToken);
                    return FollowState.Data;
                }

                if (await ReadPageAsync())
                    continue;
                if (HasEnded || draining())
                    return FollowState.End;
                if (time.GetElapsedTime(_lastRead) >= idleInterval)
                {
                    _lastRead = time.GetTimestamp();
                    return FollowState.Idle;
                }

                await remote.MarkFollowedAsync(cancellationToken);
                await reader.WaitAsync(cancellationToken);
                if (time.GetElapsedTime(_silentSince) >= SilenceBeforeContinuing)
                    await TryContinueAsync();
            }
        }
        catch (TurnStoreException e) when (e.Reason != TurnStoreFailure.Damaged)
        {
            // The stream ends, and the client follows again: that request returns the error.
            return FollowState.End;
        }

        return await _live.WaitAsync();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination)
    {
        if (_live is not null)
            return await _live.ReadAsync(destination);
        var read = Math.Min(destination.Length, _page.Frames.Length);
        _page.Frames[..read].CopyTo(destination);
        _page = _page with { Frames = _page.Frames[read..] };
        if (read > 0)
            _lastRead = time.GetTimestamp();
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        remote.Dispose();
        await reader.DisposeAsync();
        if (_live is not null)
            await _live.DisposeAsync();
        _left.TrySetResult();
    }

    private bool HasEnded => _page.Status switch
    {
        TurnStatus.Ended => true,
        TurnStatus.Parked => _page.LastId > (continuesAfter ?? 0),
        _ => false,
    };

    private async Task CompleteAsync()
    {
        await _left.Task;
        await _turnCompletion;
    }

    private async Task<bool> ReadPageAsync()
    {
        _page = _check.ValidPart(_first.IsEmpty ? await reader.ReadAsync(_afterId, cancellationToken) : _first, _afterId);
        _first = default;
        if (_page.LastId != _lastStoredId)
            (_lastStoredId, _silentSince) = (_page.LastId, time.GetTimestamp());
        if (_page.IsEmpty)
            return false;
        _afterId = _page.LastId;
        return true;
    }

    private async Task TryContinueAsync()
    {
        _silentSince = time.GetTimestamp();
        if (await remote.TryContinueAsync(cancellationToken) is not var (turn, completion))
            return;
        _turnCompletion = completion;
        _live = turn.Follow(_afterId, cancellationToken);
        remote.Dispose();
    }
}
