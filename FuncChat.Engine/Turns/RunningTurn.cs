using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Models;
using FuncChat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Turns;

/// <summary>A turn that runs in this process, and those who follow it. It outlives its followers, for a while.</summary>
internal sealed partial class RunningTurn : IDisposable
{
    // Between two looks at whether a long tool run still goes on, however short the grace is.
    private static readonly TimeSpan ShortestAloneCheck = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TurnKey _key;
    private readonly ITurnHandler _program;
    private readonly TurnEventWriter _journal;
    private readonly ITurnStore _log;
    private readonly TurnOptions _options;
    private readonly TurnTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _alone;
    private readonly TimeSpan _aloneCheck;
    private int _followers;
    private bool _leaving;
    private AppError? _stopError;

    public RunningTurn(
        TurnKey key, ITurnHandler program, TurnEventWriter journal, ITurnStore log, TurnOptions options, TurnTelemetry telemetry, TimeProvider time, ILogger logger)
    {
        _key = key;
        _program = program;
        _journal = journal;
        _log = log;
        _options = options;
        _telemetry = telemetry;
        _time = time;
        _logger = logger;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(journal.Failed);
        // Set when the last follower leaves: whoever starts or continues a turn follows it, or stops it.
        _alone = time.CreateTimer(_ => OnAlone(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _aloneCheck = options.DetachedGrace > ShortestAloneCheck ? options.DetachedGrace : ShortestAloneCheck;
    }

    /// <summary>Ends when the turn runs here no more: it has ended, or it has left to be continued.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public int Followers => Volatile.Read(ref _followers);

    public long BytesToStore => _journal.BytesToStore;

    /// <summary>Runs the turn, on the caller's thread until it first waits.</summary>
    public void Start() => Completion = RunAsync();

    /// <summary>Follows from the event behind <paramref name="after"/>.</summary>
    public async Task<TurnFollower> FollowAsync(long after, CancellationToken cancellationToken)
    {
        Join();
        try
        {
            var offset = await OffsetAsync(after, cancellationToken);
            var follower = new LiveFollower(
                _journal, token => _log.OpenAsync(_key, token), offset, _options.Heartbeat, _time, Left, cancellationToken);
            _journal.Add(follower);
            return follower;
        }
        catch
        {
            Left();
            throw;
        }
    }

    /// <summary>Stops the turn with this error as its last event.</summary>
    public void Stop(AppError error)
    {
        lock (_lock)
            _stopError ??= error;
        Cancel();
    }

    /// <summary>Lets the turn go at the next end of a step, for another process to continue.</summary>
    public void Leave() => Volatile.Write(ref _leaving, true);

    /// <summary>Lets the turn go now.</summary>
    public void LeaveNow()
    {
        Leave();
        Cancel();
    }

    public ValueTask<bool> IsStopRequestedAsync(CancellationToken cancellationToken) => _journal.IsStopRequestedAsync(cancellationToken);

    public void Dispose()
    {
        _alone.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        _telemetry.Start(_time);
        using var overtime = _time.CreateTimer(_ => Stop(TurnErrors.TookTooLong(_options.MaxDuration)), null, _options.MaxDuration, Timeout.InfiniteTimeSpan);
        try
        {
            await _program.RunAsync(_journal, () => Volatile.Read(ref _leaving), _stop.Token);
        }
        catch (ModelException e)
        {
            LogModelFailed(_key.TurnId, e.Error.Code, e.Error.Message);
            await FailAsync(e.Error);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            if (_stopError is { } error)
                await FailAsync(error);
        }
        catch (TurnStoreException)
        {
            // Told when it is closed.
        }
        catch (Exception e)
        {
            LogBroke(_key.TurnId, e);
            await FailAsync(TurnErrors.Internal);
        }

        await CloseAsync();
        _telemetry.End(stored: _journal.Failure is null, _time);
    }

    private async Task CloseAsync()
    {
        try
        {
            await _journal.DisposeAsync();
        }
        catch (Exception e)
        {
            LogBroke(_key.TurnId, e);
        }

        if (_journal.Failure is { } failure)
            LogNotStored(_key.TurnId, failure);
    }

    private async Task FailAsync(AppError error)
    {
        try
        {
            await _program.CancelRunsAsync();
        }
        catch (Exception e)
        {
            // The turn ends all the same.
            LogToolsGoOn(_key.TurnId, e);
        }

        try
        {
            _journal.Append(new ErrorEvent(error.Message, error.Code, error.Retryable));
            await _journal.StoreAsync();
        }
        catch (TurnStoreException)
        {
            // Told when it is closed.
        }
    }

    // The first follower of a new turn needs no look at the log: only the header stands before its first event.
    private async Task<long> OffsetAsync(long after, CancellationToken cancellationToken)
    {
        if (after == 0 && _journal.FirstOffset is { } first)
            return first;
        if (_journal.Failure is null)
            await _journal.StoreAsync();
        await using var log = await _log.OpenAsync(_key, cancellationToken)
            ?? throw new InvalidOperationException("The log of a live turn is gone.");
        return (await EventLogReader.FindAsync(log, after, cancellationToken)).Offset;
    }

    private void Join()
    {
        lock (_lock)
        {
            _followers++;
            _alone.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Left()
    {
        lock (_lock)
        {
            if (--_followers == 0)
                _alone.Change(_options.DetachedGrace, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnAlone()
    {
        lock (_lock)
        {
            if (_followers > 0)
                return;
            if (_program.InLongRun)
            {
                _alone.Change(_aloneCheck, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Stop(TurnErrors.NobodyFollows);
    }

    private void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The turn has ended meanwhile.
        }
    }

    [LoggerMessage(101, LogLevel.Warning, "Turn {TurnId}: the model failed with {Code}: {Reason}")]
    private partial void LogModelFailed(string turnId, ErrorCode code, string reason);

    [LoggerMessage(102, LogLevel.Error, "Turn {TurnId} broke")]
    private partial void LogBroke(string turnId, Exception exception);

    [LoggerMessage(104, LogLevel.Error, "Turn {TurnId} ended, but its tool runs could not be stopped")]
    private partial void LogToolsGoOn(string turnId, Exception exception);

    [LoggerMessage(103, LogLevel.Error, "Turn {TurnId} could not be stored")]
    private partial void LogNotStored(string turnId, Exception exception);
}
