using FuncChat.Engine.Log;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Follows a turn from its log alone: one that has ended, or one that another process runs. The log of the latter is polled, and should that process
/// be gone, the turn is continued here.
/// </summary>
internal sealed class StoredFollower(
    ITurnLogReader log, LogPosition position, long after, Func<CancellationToken, Task<LiveTurn?>> continueTurn, TimeSpan idleInterval,
    TimeProvider time, CancellationToken cancellationToken) : TurnFollower
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // Looking at the lease is dearer than looking at the log.
    private const int SilentPollsBeforeContinuing = 10;

    private LogPosition _position = position;
    private long _offset = position.Offset;
    private long _lastRead = time.GetTimestamp();
    private TurnFollower? _live;

    public override async ValueTask<FollowState> WaitAsync()
    {
        for (var polls = 1; _live is null; polls++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_offset < _position.EndOffset)
                return FollowState.Data;
            if (_position.Ended)
                return FollowState.End;
            if (time.GetElapsedTime(_lastRead) >= idleInterval)
            {
                _lastRead = time.GetTimestamp();
                return FollowState.Idle;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
            var end = _position.EndOffset;
            _position = await LogFrames.AdvanceAsync(log, _position, cancellationToken);
            if (_position.EndOffset == end && polls % SilentPollsBeforeContinuing == 0 && !_position.Ended)
                await TryContinueAsync();
        }

        return await _live.WaitAsync();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination)
    {
        if (_live is not null)
            return await _live.ReadAsync(destination);
        var available = (int)Math.Min(destination.Length, _position.EndOffset - _offset);
        var read = available == 0 ? 0 : await log.ReadAsync(_offset, destination[..available], cancellationToken);
        _offset += read;
        if (read > 0)
            _lastRead = time.GetTimestamp();
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await log.DisposeAsync();
        if (_live is not null)
            await _live.DisposeAsync();
    }

    private async Task TryContinueAsync()
    {
        if (await continueTurn(cancellationToken) is { } turn)
            _live = await turn.FollowAsync(Math.Max(after, _position.LastId), cancellationToken);
    }
}
