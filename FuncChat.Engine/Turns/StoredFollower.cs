using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Follows a turn from its log alone: one that has ended, or one that another process runs. The log of the latter is polled, and should that process
/// be gone, the turn is continued here.
/// </summary>
/// <param name="leaving">Whether this process is about to end: then the stream does, and its reader follows the turn elsewhere.</param>
internal sealed class StoredFollower(
    ITurnReader log, LogPosition position, long after, Func<CancellationToken, Task<RunningTurn?>> continueTurn, Func<bool> leaving,
    TimeSpan idleInterval, TimeProvider time, CancellationToken cancellationToken) : TurnFollower
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // Looking at the lease is dearer than looking at the log.
    private const int SilentPollsBeforeContinuing = 10;

    private LogPosition _position = position;
    private long _offset = position.Offset;
    private long _lastRead = time.GetTimestamp();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _silentPolls;
    private RunningTurn? _turn;
    private TurnFollower? _live;

    /// <summary>Ends when the reader has left and the turn, if it was continued here, runs here no more.</summary>
    public Task Completion => _completion.Task;

    public override async ValueTask<FollowState> WaitAsync()
    {
        while (_live is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_offset < _position.EndOffset)
                return FollowState.Data;
            if (_position.Ended || leaving())
                return FollowState.End;
            if (time.GetElapsedTime(_lastRead) >= idleInterval)
            {
                _lastRead = time.GetTimestamp();
                return FollowState.Idle;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
            var end = _position.EndOffset;
            _position = await EventLogReader.AdvanceAsync(log, _position, cancellationToken);
            _silentPolls = _position.EndOffset == end ? _silentPolls + 1 : 0;
            if (_silentPolls == SilentPollsBeforeContinuing && !_position.Ended)
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
        if (_turn is null)
            _completion.TrySetResult();
        else
            _ = _turn.Completion.ContinueWith(_ => _completion.TrySetResult(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task TryContinueAsync()
    {
        _silentPolls = 0;
        _turn = await continueTurn(cancellationToken);
        if (_turn is not null)
            _live = await _turn.FollowAsync(Math.Max(after, _position.LastId), cancellationToken);
    }
}
