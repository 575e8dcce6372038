using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Turns;

/// <summary>A turn that runs in this process, and its followers. It outlives them for a grace period.</summary>
internal sealed partial class RunningTurn
{
    private readonly Lock _lock = new();
    private readonly TurnKey _key;
    private readonly ITurnHandler _handler;
    private readonly TurnEventWriter _events;
    private readonly TurnStorage _storage;
    private readonly ITurnInbox _inbox;
    private readonly TurnOptions _options;
    private readonly TimeSpan _timeLeft;
    private readonly TurnTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _completion = new(); // what follows runs on the turn's thread, without a hop
    private readonly FollowerWatch _followers;
    private Task _receiving = Task.CompletedTask;
    private bool _draining;
    private AppError? _stopError;

    /// <param name="timeLeft">How long the turn may still take.</param>
    public RunningTurn(
        TurnKey key, TurnHeader header, ITurnHandler handler, TurnEventWriter events, TurnStorage storage, ITurnInbox inbox, TurnOptions options, TimeSpan timeLeft,
        TurnTelemetry telemetry, TimeProvider time, ILogger logger)
    {
        _key = key;
        Header = header;
        _handler = handler;
        _events = events;
        _storage = storage;
        _inbox = inbox;
        _options = options;
        _timeLeft = timeLeft;
        _telemetry = telemetry;
        _time = time;
        _logger = logger;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(events.Failed);
        _followers = new FollowerWatch(key, storage, options.DetachedGrace, () => handler.InLongRun, () => Stop(TurnErrors.NotFollowed), time);
    }

    public TurnHeader Header { get; }

    /// <summary>Ends when the turn no longer runs here: it has ended, is parked, was handed over, or could not be stored.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Why the turn could not be stored, once it could not.</summary>
    public TurnStoreException? Failure => _events.Failure;

    /// <inheritdoc cref="TurnEventWriter.End"/>
    public TurnEnd? End => _events.End;

    /// <summary>Whether the turn waits for a signal; known on completion.</summary>
    public bool IsParked { get; private set; }

    /// <inheritdoc cref="TurnEventWriter.Begun"/>
    public Task Begun => _events.Begun;

    public int Followers => _followers.Count;

    public long BytesToStore => _events.Feed.BytesToStore;

    /// <inheritdoc cref="TurnEventWriter.Grown"/>
    public Action<long>? Grown
    {
        set => _events.Grown = value;
    }

    /// <summary>Runs the turn, on the caller's thread until it first waits.</summary>
    /// <param name="ended">Called before <see cref="Completion"/> ends.</param>
    public void Start(Action ended) => _ = RunAsync(ended);

    /// <inheritdoc cref="TurnEventWriter.StoreBeginning"/>
    public void StoreBeginning() => _events.StoreBeginning();

    /// <summary>Follows from the event after <paramref name="after"/>.</summary>
    /// <param name="stored">The events after it, as far as they were read from the store already.</param>
    public TurnFollower Follow(long after, CancellationToken cancellationToken, EventPage stored = default)
    {
        _followers.Join();
        var follower = new LiveFollower(
            _events.Feed, after, stored, token => _storage.OpenFollowedAsync(_key, token), _options.Heartbeat, _time, _followers.Leave, cancellationToken);
        _events.Feed.Add(follower);
        return follower;
    }

    /// <summary>Stops the turn with this error as its last event.</summary>
    public void Stop(AppError error)
    {
        lock (_lock)
            _stopError ??= error;
        Cancel();
    }

    /// <summary>Hands the turn over at the end of the current step, for another process to continue.</summary>
    public void Drain() => Volatile.Write(ref _draining, true);

    /// <summary>Hands the turn over now.</summary>
    public void Interrupt()
    {
        Drain();
        Cancel();
    }

    /// <summary>Waits no longer for a store that does not answer.</summary>
    public void Abandon() => _events.Abandon();

    /// <summary>Receives new signals. Returns whether there were any.</summary>
    public Task<bool> ReceiveSignalsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var receiving = ReceiveSignalsAsync(_receiving, cancellationToken);
            _receiving = receiving;
            return receiving;
        }
    }

    /// <summary>Whether the turn, which was parked here, has received a signal meanwhile that it can act on.</summary>
    public async Task<bool> CanContinueAsync()
    {
        await ReceiveSignalsAsync(CancellationToken.None);
        return _stopError is not null || !_handler.IsWaiting;
    }

    private async Task<bool> ReceiveSignalsAsync(Task previous, CancellationToken cancellationToken)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        var signals = await _inbox.ReadAsync(cancellationToken);
        foreach (var signal in signals)
        {
            if (signal.Type == TurnSignal.Stop)
                Stop(TurnErrors.Stopped);
            else
                _handler.Receive(signal);
        }

        return signals.Count > 0;
    }

    // Nothing escapes: whatever fails, the turn is closed, and no longer counts as running.
    private async Task RunAsync(Action ended)
    {
        var result = TurnRunResult.HandedOver;
        try
        {
            _telemetry.Start(_time);
            using var overtime = _time.CreateTimer(_ => Stop(TurnErrors.TookTooLong(_options.MaxDuration)), null, _timeLeft, Timeout.InfiniteTimeSpan);
            result = await RunHandlerAsync();
        }
        finally
        {
            try
            {
                await CloseAsync();
                _telemetry.End(stored: _events.Failure is null, _time);
                IsParked = result == TurnRunResult.Parked && _events.Failure is null;
                ended();
                await _followers.StopAsync();
                _stop.Dispose();
                _completion.SetResult();
            }
            finally
            {
                _events.Close();
            }
        }
    }

    private async Task<TurnRunResult> RunHandlerAsync()
    {
        try
        {
            return await _handler.RunAsync(_events, () => Volatile.Read(ref _draining), _stop.Token);
        }
        catch (ModelException e)
        {
            LogModelFailed(_key.TurnId, e.Error.Code, e.Error.Message);
            await FailAsync(e.Error);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            if (_stopError is not { } error)
                return TurnRunResult.HandedOver;
            await FailAsync(error);
        }
        catch (TurnStoreException)
        {
            // Logged when it is closed.
        }
        catch (Exception e)
        {
            LogFailed(_key.TurnId, e);
            await FailAsync(TurnErrors.Internal);
        }

        return TurnRunResult.Ended;
    }

    private async Task CloseAsync()
    {
        try
        {
            await _events.ReleaseAsync();
        }
        catch (Exception e)
        {
            LogFailed(_key.TurnId, e);
        }

        if (_events.Failure is { } failure)
            LogNotStored(_key.TurnId, failure);
    }

    private async Task FailAsync(AppError error)
    {
        try
        {
            await _handler.CancelRunsAsync();
        }
        catch (Exception e)
        {
            // The turn ends anyway.
            LogToolsGoOn(_key.TurnId, e);
        }

        try
        {
            _events.Append(ErrorEvent.Of(error));
            await _events.StoreAsync();
        }
        catch (TurnStoreException)
        {
            // Logged when it is closed.
        }
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

    [LoggerMessage(102, LogLevel.Error, "Turn {TurnId} failed")]
    private partial void LogFailed(string turnId, Exception exception);

    [LoggerMessage(104, LogLevel.Error, "Turn {TurnId} ended, but its tool runs could not be stopped")]
    private partial void LogToolsGoOn(string turnId, Exception exception);

    [LoggerMessage(103, LogLevel.Error, "Turn {TurnId} could not be stored")]
    private partial void LogNotStored(string turnId, Exception exception);
}
